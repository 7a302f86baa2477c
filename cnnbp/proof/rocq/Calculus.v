(** What is meant by a slope. A calculus is a ring of curves, each of which may pass through a value with a
    slope, by the rules for constants, sums and products; the chain rule is asked of each function where it
    is used. Derivatives of real functions are one (Reals.v), dual numbers over any ring another
    (Instances.v): theorems hold for all at once. *)
From Coq Require Import ZArith Bool List Ring.
From cnnbp Require Import Sums.

Record calculus (A : commutative_ring) := Calculus {
  curve : commutative_ring;
  constant : A -> curve;
  passes : curve -> A -> A -> Prop;    (* the curve, a value, and the slope with which it passes there *)
  constants_pass : forall a, passes (constant a) a 0%ring;
  zero_passes : passes 0%ring 0%ring 0%ring;
  sums_pass : forall c d v w s t, passes c v s -> passes d w t ->
    passes (c + d)%ring (v + w)%ring (s + t)%ring;
  differences_pass : forall c d v w s t, passes c v s -> passes d w t ->
    passes (c - d)%ring (v - w)%ring (s - t)%ring;
  products_pass : forall c d v w s t, passes c v s -> passes d w t ->
    passes (c * d)%ring (v * w)%ring (v * t + s * w)%ring
}.
Arguments curve {_}. Arguments constant {_}. Arguments passes {_}. Arguments constants_pass {_}.
Arguments zero_passes {_}.
Arguments sums_pass {_}. Arguments differences_pass {_}. Arguments products_pass {_}.

Section Calculus.
Context {A : commutative_ring} (S : calculus A).
Add Ring A_ring : (laws A).
Notation C := (curve S).

(** The chain rule for f at v: whatever passes through v with a slope passes, after f, through f v with
    slope' times it. *)
Definition follows (F : C -> C) (f : A -> A) (slope v : A) := forall c s, passes S c v s ->
  passes S (F c) (f v) (slope * s)%ring.

Lemma finite_sums_pass {I} : forall (l : list I) (c : I -> C) v s,
  (forall i, In i l -> passes S (c i) (v i) (s i)) -> passes S (sum l c) (sum l v) (sum l s).
Proof.
  induction l as [|i l IH]; intros c v s H; [apply zero_passes|].
  apply (sums_pass S (c i) (sum l c) (v i) (sum l v) (s i) (sum l s)); [apply H; left; reflexivity|].
  apply IH. intros j Hj. apply H. right. exact Hj.
Qed.

Lemma conditions_pass : forall b (c : C) v s, passes S c v s -> passes S (on b c) (on b v) (on b s).
Proof. intros [] c v s H; [exact H|apply zero_passes]. Qed.

(** Slopes may be written in any way that is equal. *)
Lemma passes_with : forall (c : C) v s v' s', passes S c v s -> v = v' -> s = s' -> passes S c v' s'.
Proof. intros. subst. assumption. Qed.
End Calculus.
