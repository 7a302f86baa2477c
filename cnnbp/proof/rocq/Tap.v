(** The slices of a tap list T, neither more nor less, for all sizes and options: Axis.tap. *)
From Coq Require Import ZArith Bool Lia.
From cnnbp Require Import Axis Relation.
Open Scope Z_scope.

Section Tap.
Variable a : axis.
Hypothesis ok : sensible a.
Variables m r : Z.
Notation n := (size a). Notation s := (stride a).
Definition tap_outputs := fst (tap a m r).
Definition tap_inputs := snd (tap a m r).

Lemma tap_shape : exists first last, first <= last /\ 0 <= first /\ 0 <= cell a r first /\
  tap_outputs = Slice first last 1 /\ tap_inputs = Slice (cell a r first) (cell a r last) s /\
  forall o, first <= o < last <-> 0 <= o < m /\ 0 <= cell a r o < n.
Proof.
  destruct ok as (?&?&?&?&?&?). unfold tap_outputs, tap_inputs, tap, cell. cbv zeta. cbn [fst snd].
  set (f := dilation a * r - padding a). set (first := Z.max 0 (- (f / s))).
  set (last := Z.max first (Z.min m ((n - 1 - f) / s + 1))).
  exists first, last. split; [lia|]. split; [lia|].
  split; [unfold first; divided f s; replace (s * _ + _ - _) with (s * Z.max 0 (- (f / s)) + f)
    by (unfold f; lia); nia|].
  split; [reflexivity|]. split.
  - f_equal; unfold f; lia.
  - intros o. unfold last, first. divided f s. divided (n - 1 - f) s.
    set (q := f / s) in *. set (t := (n - 1 - f) / s) in *.
    replace (s * o + dilation a * r - padding a) with (s * o + f) by (unfold f; lia).
    split; intros.
    + assert (- q <= o /\ 0 <= o /\ o < m /\ o <= t) by lia. nia.
    + assert (- q <= o) by nia. assert (o <= t) by nia. lia.
Qed.

Lemma tap_lengths : exists first last, first <= last /\ 0 <= first /\
  (forall j, position tap_outputs j = first + j) /\ (forall j, position tap_inputs j
    = cell a r (first + j)) /\
  slice_length tap_outputs = last - first /\ slice_length tap_inputs = last - first /\
  forall o, first <= o < last <-> 0 <= o < m /\ 0 <= cell a r o < n.
Proof.
  destruct tap_shape as (first & last & H & H0 & _ & E & F & X). exists first, last. rewrite E, F.
  destruct ok as (?&?&?&?&?&?). unfold position, slice_length, cell. cbn [start stop step].
  split; [assumption|]. split; [assumption|]. split; [intros; lia|]. split; [intros; lia|].
  split; [rewrite Z.div_1_r; lia|]. split; [|assumption].
  replace ((_ - _ + s - 1) / s) with (last - first); [lia|]. apply (Z.div_unique_pos _ _ _ (s - 1)); lia.
Qed.

(** The two slices of a tap, side by side, list the pairs (o, i) that are in T through it, all of them and
    no others. *)
Theorem tap_lists_exactly : forall o i,
  (exists j, 0 <= j < slice_length tap_outputs /\ position tap_outputs j = o /\ position tap_inputs j = i)
  <-> 0 <= o < m /\ 0 <= i < n /\ i = cell a r o.
Proof.
  destruct tap_lengths as (first & last & H & H0 & P & Q & E & F & X). intros o i. rewrite E. split.
  - intros (j & Hj & Po & Pi). rewrite P in Po. rewrite Q in Pi. subst o i.
    destruct (proj1 (X (first + j))); [lia|]. auto.
  - intros (Ho & Hi & ->). exists (o - first). rewrite P, Q. replace (first + (o - first)) with o by lia.
    assert (first <= o < last) by (apply X; auto). lia.
Qed.

(** Both slices are equally long, list each cell once and in order, and lie inside their arrays, where no
    slice is clipped. *)
Theorem tap_slices_fit :
  slice_length tap_outputs = slice_length tap_inputs /\
  0 <= start tap_outputs /\ step tap_outputs = 1 /\ 0 <= start tap_inputs /\ step tap_inputs = s /\
  forall j, 0 <= j < slice_length tap_outputs -> 0 <= position tap_outputs j < m /\
    0 <= position tap_inputs j < n.
Proof.
  destruct tap_shape as (first & last & _ & ? & ? & E & F & _).
  destruct tap_lengths as (? & ? & _ & _ & _ & _ & G & G' & _).
  split; [lia|]. split; [rewrite E; cbn; lia|]. split; [rewrite E; reflexivity|].
  split; [rewrite F; cbn; lia|]. split; [rewrite F; reflexivity|]. intros j Hj.
  destruct (proj1 (tap_lists_exactly (position tap_outputs j) (position tap_inputs j))) as (? & ? & ?);
    [exists j; auto|auto].
Qed.
End Tap.
