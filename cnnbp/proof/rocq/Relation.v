(** The relation T along one axis, of which all files speak: the triples (output o, tap r, input i) with
    i = stride * o + dilation * r - padding. *)
From Coq Require Import ZArith Lia.
From cnnbp Require Import Axis.
Open Scope Z_scope.

(** Options that make sense, as the layers check them. *)
Definition sensible (a : axis) :=
  0 <= size a /\ 1 <= kernel a /\ 1 <= stride a /\ 0 <= padding a /\ 1 <= dilation a /\ 0 <= surplus a.

(** The input that output [o] meets through tap [r], and how far a kernel reaches. *)
Definition cell (a : axis) (r o : Z) := stride a * o + dilation a * r - padding a.
Definition reach (a : axis) := dilation a * (kernel a - 1) + 1.

(** What Python and NumPy make of a slice: so many positions, the j-th of them. *)
Definition slice_length (s : slice) := Z.max 0 ((stop s - start s + step s - 1) / step s).
Definition position (s : slice) (j : Z) := start s + step s * j.

(** Division with remainder as two facts that linear arithmetic can use. *)
Tactic Notation "divided" constr(a) constr(b) := let H := fresh in let H' := fresh in
  assert (H : a = b * (a / b) + a mod b) by (apply Z.div_mod; lia);
  assert (H' : 0 <= a mod b < b) by (apply Z.mod_pos_bound; lia).

Lemma some_equal : forall x y : Z, Some x = Some y -> x = y.
Proof. congruence. Qed.

Ltac by_cases := repeat match goal with
  | |- context [?x <? ?y] => destruct (Z.ltb_spec x y)
  | |- context [?x <=? ?y] => destruct (Z.leb_spec x y)
  | |- context [?x =? ?y] => destruct (Z.eqb_spec x y)
  end.
