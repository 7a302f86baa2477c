(** The one idea: a layer is a relation T between outputs o, taps t and inputs i, and its forward and
    backward are three contractions of T, over any finite sets of indices and any commutative ring:

    z[o] += w[t] x[i]     dx[i] += w[t] delta[o]     dw[t] += delta[o] x[i]     for (o, t, i) in T. *)
From Coq Require Import ZArith Bool List Ring.
From cnnbp Require Import Sums.
Import ListNotations.

(** g is the gradient of J at x: for each step u, J grows by the sum of g[i] u[i], without remainder. All J
    to which this is applied have degree 1 in x; those that have not are in Network.v. *)
Definition gradient_of {A : commutative_ring} {I : Type} (cells : list I) (J : (I -> A) -> A)
    (x g : I -> A) :=
  forall u, J (fun i => x i + u i)%ring = (J x + dot cells g u)%ring.

Section Gradient.
Context {A : commutative_ring} {I : Type}.
Add Ring A_ring : (laws A).

Lemma dot_grows : forall (l : list I) (a b c : I -> A),
  dot l a (fun i => b i + c i)%ring = (dot l a b + dot l a c)%ring.
Proof. intros. unfold dot. rewrite <- sum_add. apply sum_ext. intros. ring. Qed.
Lemma dot_commutes : forall (l : list I) (a b : I -> A), dot l a b = dot l b a.
Proof. intros. apply sum_ext. intros. ring. Qed.
Lemma dot_ext : forall (l : list I) (a a' b : I -> A), (forall i, In i l -> a i = a' i) ->
  dot l a b = dot l a' b.
Proof. intros l a a' b H. apply sum_ext. intros i Hi. now rewrite H. Qed.

(** What is linear has its coefficients as gradient. *)
Lemma gradient_of_linear : forall cells (J : (I -> A) -> A) x g c,
  (forall x, J x = dot cells g x + c)%ring -> gradient_of cells J x g.
Proof. intros cells J x g c H u. rewrite !H, dot_grows. ring. Qed.
End Gradient.

Section Contraction.
Context {A : commutative_ring} {O W I : Type}.
Add Ring A_ring : (laws A).
Variables (outs : list O) (taps : list W) (ins : list I) (T : O -> W -> I -> bool).

Definition contract_forward (w : W -> A) (x : I -> A) (o : O) : A :=
  sum taps (fun t => sum ins (fun i => on (T o t i) (w t * x i)%ring)).
Definition contract_input (w : W -> A) (delta : O -> A) (i : I) : A :=
  sum outs (fun o => sum taps (fun t => on (T o t i) (w t * delta o)%ring)).
Definition contract_weight (delta : O -> A) (x : I -> A) (t : W) : A :=
  sum outs (fun o => sum ins (fun i => on (T o t i) (delta o * x i)%ring)).

(** The forward contraction against a residual is the residual's contraction against the input ... *)
Lemma forward_against_input : forall w x delta,
  dot outs (contract_forward w x) delta = dot ins (contract_input w delta) x.
Proof.
  intros. unfold dot, contract_forward, contract_input.
  transitivity (sum outs (fun o => sum ins (fun i => sum taps
    (fun t => on (T o t i) (w t * delta o * x i)%ring)))).
  - apply sum_ext. intros o _. rewrite sum_swap, <- sum_right. apply sum_ext. intros i _.
    rewrite <- sum_right. apply sum_ext. intros t _. destruct (T o t i); cbn; ring.
  - rewrite sum_swap. apply sum_ext. intros i _. rewrite <- sum_right. apply sum_ext. intros o _.
    rewrite <- sum_right. apply sum_ext. intros t _. apply on_left.
Qed.

(** ... and the weights' contraction against the weights. *)
Lemma forward_against_weight : forall w x delta,
  dot outs (contract_forward w x) delta = dot taps (contract_weight delta x) w.
Proof.
  intros. unfold dot, contract_forward, contract_weight.
  transitivity (sum outs (fun o => sum taps (fun t => sum ins
    (fun i => on (T o t i) (delta o * x i * w t)%ring)))).
  - apply sum_ext. intros o _. rewrite <- sum_right. apply sum_ext. intros t _. rewrite <- sum_right.
    apply sum_ext. intros i _. destruct (T o t i); cbn; ring.
  - rewrite sum_swap. apply sum_ext. intros t _. rewrite <- sum_right. apply sum_ext. intros o _.
    rewrite <- sum_right. apply sum_ext. intros i _. apply on_left.
Qed.

(** For any relation T whatever: dx[i], the sum of w[t] delta[o] over (o, t, i) in T, is the gradient by the
    input. *)
Theorem contraction_gradient_by_input : forall w x delta,
  gradient_of ins (fun x => dot outs (contract_forward w x) delta) x (contract_input w delta).
Proof.
  intros. apply (gradient_of_linear _ _ _ _ 0%ring). intros. rewrite forward_against_input. ring.
Qed.

(** For any relation T whatever: dw[t], the sum of delta[o] x[i] over (o, t, i) in T, is the gradient by the
    weights. *)
Theorem contraction_gradient_by_weight : forall w x delta,
  gradient_of taps (fun w => dot outs (contract_forward w x) delta) w (contract_weight delta x).
Proof.
  intros. apply (gradient_of_linear _ _ _ _ 0%ring). intros. rewrite forward_against_weight. ring.
Qed.

(** The matrix of the layer as a fully-connected one: M[o, i] is w[t] where (o, t, i) is in T, and 0 where
    nothing is. *)
Definition masked_matrix (w : W -> A) (o : O) (i : I) : A := sum taps (fun t => on (T o t i) (w t)).

(** A contraction of T is the fully-connected layer with the masked matrix M: z = M x, and its residual is
    M^T delta. *)
Theorem masked_network_is_the_layer : forall w x delta o i,
  contract_forward w x o = sum ins (fun i => masked_matrix w o i * x i)%ring /\
  contract_input w delta i = sum outs (fun o => masked_matrix w o i * delta o)%ring.
Proof.
  intros. unfold contract_forward, contract_input, masked_matrix. split.
  - rewrite sum_swap. apply sum_ext. intros j _. rewrite <- sum_right. apply sum_ext. intros. apply on_left.
  - apply sum_ext. intros p _. rewrite <- sum_right. apply sum_ext. intros. apply on_left.
Qed.

(** The gradient by a shared weight is the sum, over the entries of M that are this weight, of the
    fully-connected layer's gradient delta[o] x[i]; entries that are 0 because a connection is missing have
    no part in it. *)
Theorem shared_weight_gradient_is_the_sum_over_its_copies : forall delta x t,
  let dense_gradient o i := (delta o * x i)%ring in
  contract_weight delta x t = sum (filter (fun '(o, i) => T o t i) (list_prod outs ins)) (fun
    '(o, i) => dense_gradient o i).
Proof.
  intros. transitivity (sum (list_prod outs ins) (fun '(o, i) => on (T o t i) (dense_gradient o i))).
  - rewrite sum_pairs. reflexivity.
  - induction (list_prod outs ins) as [|(o, i) l IH]; [reflexivity|]. cbn [filter].
    change (sum ((o, i) :: l) ?f) with (f (o, i) + sum l f)%ring. rewrite IH.
    destruct (T o t i); [reflexivity|]. cbn [on]. ring.
Qed.
End Contraction.

Section Uniqueness.
Context {A : commutative_ring} {I : Type}.
Add Ring A_ring : (laws A).
Variable equal : forall i j : I, {i = j} + {i <> j}.

Lemma sum_single : forall l a (f : I -> A), NoDup l -> In a l -> (forall i, In i l -> i <> a -> f i
  = 0%ring) -> sum l f = f a.
Proof.
  induction l as [|i l IH]; [contradiction|]. intros a f N H Z. apply NoDup_cons_iff in N as [N N'].
  change (f i + sum l f = f a)%ring. destruct (equal i a) as [->|D].
  - rewrite (sum_zero l f); [ring|]. intros j Hj. apply Z; [right; exact Hj|]. intros ->. contradiction.
  - rewrite (Z i) by (left + idtac; auto; reflexivity). destruct H as [H|H]; [contradiction|].
    rewrite (IH a f); auto; [ring|]. intros; apply Z; [right|]; assumption.
Qed.

(** There is one gradient only: another number in any of the cells is wrong. *)
Theorem gradient_is_unique : forall cells (J : (I -> A) -> A) x g h, NoDup cells ->
  gradient_of cells J x g -> gradient_of cells J x h -> forall i, In i cells -> g i = h i.
Proof.
  intros cells J x g h N G H i Hi. pose (u := fun j => if equal j i then 1%ring else 0%ring : A).
  assert (E : forall g, dot cells g u = g i).
  { intros f. unfold dot, u. rewrite (sum_single cells i); auto.
    - destruct (equal i i); [ring|contradiction].
    - intros j _ D. destruct (equal j i); [contradiction|ring]. }
  rewrite <- (E g), <- (E h). specialize (G u). specialize (H u). rewrite G in H.
  transitivity (J x + dot cells g u - J x)%ring; [ring|]. rewrite H. ring.
Qed.
End Uniqueness.
