(** Weight decay, of whatever objective: nothing is known of its data term, nor of what the weights are. *)
From Coq Require Import ZArith Ring.
From cnnbp Require Import Sums.

Section Decay.
Context {A : commutative_ring}.
Add Ring A_ring : (laws A).

(** An order in which inequalities may be added, and a factor that is positive cancelled. *)
Variables (le : A -> A -> Prop) (positive : A -> Prop).
Hypothesis le_add : forall a b c d, le a b -> le c d -> le (a + c)%ring (b + d)%ring.
Hypothesis le_refl : forall a, le a a.
Hypothesis le_cancel : forall c a b, positive c -> le (c * a)%ring (c * b)%ring -> le a b.

(** [data] is D(w), the objective without decay; [square] is the sum of all squared weights. *)
Variables (W : Type) (data square : W -> A) (half : A).
Definition decayed (decay : A) (w : W) : A := (data w + half * decay * square w)%ring.
Definition minimises (decay : A) (w : W) : Prop := forall v, le (decayed decay w) (decayed decay v).

(** Under a larger lambda the minimiser has squared weights that add up to no more: of two decays, each with
    weights that minimise D(w) + lambda / 2 * |w|^2, for any D. The numbers need an order in which inequalities
    may be added, and a positive factor cancelled. *)
Theorem larger_decay_no_larger_weights : forall small large w v,
  minimises small w -> minimises large v -> positive (half * (large - small))%ring ->
  le (square v) (square w).
Proof.
  intros small large w v Hw Hv P. apply (le_cancel _ _ _ P).
  pose proof (le_add _ _ _ _ (le_add _ _ _ _ (Hw v) (Hv w)) (le_refl
    (0 - (data w + data v) - half * small * (square w + square v))%ring)) as H.
  unfold decayed in H. match type of H with le ?a ?b =>
    replace (half * (large - small) * square v)%ring with a by ring;
    replace (half * (large - small) * square w)%ring with b by ring end. exact H.
Qed.
End Decay.
