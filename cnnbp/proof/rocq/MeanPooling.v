(** AvgPool2d: the sum over each window, times one over the size of the window. Every map (a sample's
    channel) by itself. *)
From Coq Require Import ZArith Bool Lia List Ring.
From cnnbp Require Import Axis Relation Outputs Tap PoolingAxis Sums Line Plane Contraction Loops.
Open Scope Z_scope.

Section MeanPooling.
Context {A : commutative_ring}.
Add Ring A_ring : (laws A).
Variables h v : axis.
Hypothesis (rows_ok : sensible h) (columns_ok : sensible v).

(** An integer as a number of the ring, and one over the size of each window: a number whose product with it
    is 1. *)
Definition number (n : Z) : A := sum (range n) (fun _ => 1%ring).
Variable padded : bool.
Variable share : Z * Z -> A.
Definition is_reciprocal := forall p q, In (p, q) (outputs_of_plane h v) ->
  (share (p, q) * number (window_sizes h p padded * window_sizes v q padded) = 1)%ring.

(** forward: for o, t, i in T: y[o] += x[i]; then y / size. backward: for o, t, i in T: dx[i] += delta[o] /
    size. *)
Definition mean_forward (x : Z * Z -> A) : Z * Z -> A := fun o =>
  (loop (taps h v) (fun t => at_outputs h v t (fun a b => a + b)%ring x) (fun _ => 0%ring) o * share o)%ring.
Definition mean_dx (delta : Z * Z -> A) : Z * Z -> A :=
  loop (taps h v) (fun t => at_inputs h v t (fun a b => a + b)%ring (fun o => delta o * share o)%ring)
    (fun _ => 0%ring).

Lemma mean_sums : forall x o, In o (outputs_of_plane h v) ->
  mean_forward x o = (sum (taps h v) (fun t => on (seen h v t o) (x (place h v t o))) * share o)%ring.
Proof.
  intros x o Ho. unfold mean_forward. f_equal.
  enough (E : forall l y, loop l (fun t => at_outputs h v t (fun a b => a + b)%ring x) y o
    = (y o + sum l (fun t => on (seen h v t o) (x (place h v t o))))%ring) by (rewrite E; ring).
  unfold loop. induction l as [|t l IH]; intros; [unfold sum; cbn; ring|]. cbn [fold_left].
  rewrite IH, (at_outputs_is h v rows_ok columns_ok) by assumption.
  change (sum (t :: l) ?f) with (f t + sum l f)%ring.
  cbv beta. destruct (seen h v t o); cbn [on]; ring.
Qed.

Lemma mean_spreads : forall delta i, In i (cells h v) -> mean_dx delta i =
  sum (taps h v) (fun t => sum (outputs_of_plane h v) (fun o => on (meet h v (at_tap t o) i) 
    (delta o * share o)%ring)).
Proof.
  intros delta i Hi. unfold mean_dx.
  enough (E : forall l x, loop l (fun t => at_inputs h v t (fun a b => a + b)%ring
    (fun o => delta o * share o)%ring) x i
    = (x i + sum l (fun t => sum (outputs_of_plane h v) (fun o => on (meet h v (at_tap t o) i) (delta o *
      share o)%ring)))%ring) by (rewrite E; ring).
  unfold loop. induction l as [|t l IH]; intros; [unfold sum; cbn; ring|]. cbn [fold_left]. rewrite IH.
  rewrite (adding_at_inputs_is h v rows_ok columns_ok) by assumption.
  change (sum (t :: l) ?f) with (f t + sum l f)%ring. cbv beta. ring.
Qed.

(** Mean pooling takes the mean: it, times the size of the window, is the sum of the inputs that the window
    sees. *)
Theorem mean_pooling_is_the_mean : forall x p q, is_reciprocal -> In (p, q) (outputs_of_plane h v) ->
  (mean_forward x (p, q) * number (window_sizes h p padded * window_sizes v q padded)
   = sum (taps h v) (fun t => on (seen h v t (p, q)) (x (place h v t (p, q)))))%ring.
Proof.
  intros x p q H Ho. rewrite mean_sums by assumption. specialize (H p q Ho).
  set (s := sum _ _). set (m := number _) in *. transitivity (s * (share (p, q) * m))%ring; [ring|].
  rewrite H. ring.
Qed.

(** The dx of mean pooling is the gradient by its input, whatever share of each window is taken. *)
Theorem mean_pooling_gradient : forall x delta,
  gradient_of (cells h v) (fun x => dot (outputs_of_plane h v) (mean_forward x) delta) x (mean_dx delta).
Proof.
  intros. apply (gradient_of_linear _ _ _ _ 0%ring). intros x'. unfold dot.
  transitivity (sum (outputs_of_plane h v) (fun o => sum (taps h v) (fun t => sum (cells h v) (fun i =>
    on (meet h v (at_tap t o) i) (delta o * share o * x' i)%ring)))).
  - apply sum_ext. intros o Ho. rewrite mean_sums by assumption. rewrite <- !sum_right. apply sum_ext.
    intros t _. rewrite (sum_of_met h v t o (fun i => delta o * share o * x' i)%ring).
    destruct (seen h v t o); cbn; ring.
  - rewrite sum_swap. match goal with |- _ = (?s + 0)%ring => transitivity s; [|ring] end.
    transitivity (sum (taps h v) (fun t => sum (cells h v) (fun i => sum (outputs_of_plane h v) (fun o =>
      on (meet h v (at_tap t o) i) (delta o * share o * x' i)%ring)))).
    + apply sum_ext. intros t _. apply sum_swap.
    + rewrite sum_swap. apply sum_ext. intros i Hi. rewrite mean_spreads, <- sum_right by assumption.
      apply sum_ext. intros t _.
      rewrite <- sum_right. apply sum_ext. intros o _. apply on_left.
Qed.
End MeanPooling.
