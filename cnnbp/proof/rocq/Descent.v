(** The objective of the derivation, over a batch and with weight decay, and the step of gradient descent
    that follows. *)
From Coq Require Import ZArith Bool List Ring Lia.
From cnnbp Require Import Sums Contraction Calculus Perceptron.
Open Scope Z_scope.

Section Descent.
Context {A : commutative_ring} (D : calculus A).
Add Ring A_ring : (laws A).
Variables (depth : nat) (width : nat -> Z).
Hypothesis deep : (0 < depth)%nat.
Variables (f : nat -> A -> A) (w : nat -> Z * Z -> A) (b : nat -> Z -> A) (half : A).
Hypothesis half_is_half : (half + half = 1)%ring.

(** The samples of a batch, each with its own input, target, activations and residuals by the rule of the
    derivation; [mean] is one over their number, [decay] the lambda of the weight decay. *)
Variables (samples : list nat) (x y : nat -> Z -> A) (mean decay : A).
Notation a t := (mlp width f w b (x t)).
Notation z t l := (affine width w b (l - 1) (a t (l - 1))).
Variables (F : nat -> curve D -> curve D) (slope : nat -> A -> A).
Hypothesis activations_follow : forall t l o, (0 < l <= depth)%nat -> 0 <= o < width l ->
  follows D (F l) (f l) (slope l (z t l o)) (z t l o).
Variables (ws : nat -> Z * Z -> curve D) (bs : nat -> Z -> curve D) (u : nat -> Z * Z -> A).
Variable e : nat -> Z -> A.
Hypothesis weights_pass : forall l t, passes D (ws l t) (w l t) (u l t).
Hypothesis biases_pass : forall l o, passes D (bs l o) (b l o) (e l o).
Variable delta : nat -> nat -> Z -> A.
Hypothesis delta_output : forall t i, 0 <= i < width depth ->
  delta t depth i = ((a t depth i - y t i) * slope depth (z t depth i))%ring.
Hypothesis delta_hidden : forall t l i, (0 < l < depth)%nat -> 0 <= i < width l ->
  delta t l i = (sum (range (width (S l))) (fun k => delta t (S l) k * w l (k, i)) * slope l (z t l i))%ring.

Definition weights_of l := range (width (S l)) ** range (width l).

(** J: the mean of the samples' costs, and lambda / 2 times the sum of all squared weights; biases are not
    decayed. *)
Definition objective {R : commutative_ring} (half mean decay : R) (cost : nat -> R)
    (w : nat -> Z * Z -> R) : R :=
  (mean * sum samples cost
   + half * decay * sum (seq 0 depth) (fun l => sum (weights_of l) (fun t => w l t * w l t)))%ring.

(** What gradient descent subtracts, but for its step size: the mean of delta_o a_i over the samples, and
    lambda w_(o,i). *)
Definition weight_gradient l : Z * Z -> A := fun '(o, i) =>
  (mean * sum samples (fun t => delta t (S l) o * a t l i) + decay * w l (o, i))%ring.
Definition bias_gradient l o : A := (mean * sum samples (fun t => delta t (S l) o))%ring.

(** The step of gradient descent, mean residual times activation plus lambda times the weight, and the mean
    residual for a bias, subtracts the derivatives of the objective J by each weight and each bias of each
    layer. *)
Theorem descent_follows_the_gradient :
  passes D
    (objective (constant D half) (constant D mean) (constant D decay)
      (fun t => half_squares (constant D half)
      (fun o => constant D (y t o)) (width depth) (mlp width F ws bs
        (fun i => constant D (x t i)) depth)) ws)
    (objective half mean decay (fun t => half_squares half (y t) (width depth) (a t depth)) w)
    (sum (seq 0 depth) (fun l => dot (weights_of l) (weight_gradient l) (u l) + dot (range (width (S l)))
      (bias_gradient l) (e l)))%ring.
Proof.
  unfold objective. eapply passes_with; [apply sums_pass; apply products_pass|reflexivity|].
  - apply constants_pass.
  - apply finite_sums_pass. intros t _. apply (delta_hidden_any_depth D depth width f w b (x t) (y t) half
      half_is_half F slope (activations_follow t)
      ws bs u e weights_pass biases_pass (delta t) (delta_output t) (delta_hidden t) deep).
  - apply products_pass; apply constants_pass.
  - apply finite_sums_pass with (s := fun l => sum (weights_of l)
      (fun t => w l t * u l t + u l t * w l t)%ring). intros l _.
    apply finite_sums_pass. intros t _. apply products_pass; apply weights_pass.
  - rewrite (sum_swap samples). set (gains := fun l => sum samples (fun t => sum (range (width (S l)))
      (fun o =>
      sum (range (width l)) (fun i => delta t (S l) o * a t l i * u l
        (o, i)) + delta t (S l) o * e l o))%ring).
    transitivity (mean * sum (seq 0 depth) gains + decay * sum (seq 0 depth)
      (fun l => dot (weights_of l) (w l) (u l)))%ring.
    + match goal with |- (mean * ?g + 0 * ?c + (half * decay * ?s + (half * 0 + 0 * decay) * ?q)
        = _ + decay * ?d)%ring =>
        enough (E : (s = d + d)%ring) by (rewrite E; transitivity (mean * g + (half + half) * decay *
          d)%ring; [ring|rewrite half_is_half; ring]) end.
      rewrite <- sum_add. apply sum_ext. intros l _. unfold dot. rewrite <- sum_add. apply sum_ext. intros.
      ring.
    + rewrite <- !sum_left, <- sum_add. apply sum_ext. intros l _. unfold gains.
      assert (G : dot (weights_of l) (weight_gradient l) (u l) = (mean * sum samples
        (fun t => sum (range (width (S l))) (fun o =>
        sum (range (width l)) (fun i => delta t (S l) o * a t l i * u l
          (o, i)))) + decay * dot (weights_of l) (w l) (u l))%ring).
      { unfold dot, weights_of. rewrite !sum_pairs, (sum_swap samples), <- !sum_left, <- sum_add.
        apply sum_ext. intros o _.
        rewrite (sum_swap samples), <- !sum_left, <- sum_add. apply sum_ext. intros i _.
        cbn [weight_gradient]. rewrite sum_right. ring. }
      assert (G' : dot (range (width (S l))) (bias_gradient l) (e l)
        = (mean * sum samples (fun t => sum (range (width (S l))) (fun o => delta t (S l) o * e l o)))%ring).
      { unfold dot, bias_gradient. rewrite (sum_swap samples), <- sum_left. apply sum_ext. intros o _.
        rewrite sum_right. ring. }
      rewrite G, G'. match goal with |- (mean * ?s + _ = mean * ?p + _ + mean * ?q)%ring => enough (E : (s
        = p + q)%ring) by (rewrite E; ring) end.
      rewrite <- sum_add. apply sum_ext. intros t _. apply sum_add.
Qed.
End Descent.
