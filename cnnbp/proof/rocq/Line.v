(** What the loops of Relation.gather and Relation.scatter compute along one axis: unfold and fold. *)
From Coq Require Import ZArith Bool Lia List Ring.
From cnnbp Require Import Axis Relation Outputs Tap Sums.
Open Scope Z_scope.

Section Slices.
Context {A : commutative_ring}.
Add Ring A_ring : (laws A).

(** The number of cell i in a slice, if it is in it. *)
Definition find (s : slice) (i : Z) : option Z :=
  let j := (i - start s) / step s in
  if (0 <=? j) && (j <? slice_length s) && (position s j =? i) then Some j else None.

(** NumPy's [y[to] = x[from]] and [y[to] += x[from]], seen at one cell of y. *)
Definition assign (to from : slice) (x y : Z -> A) (i : Z) : A :=
  match find to i with Some j => x (position from j) | None => y i end.
Definition add_into (to from : slice) (x y : Z -> A) (i : Z) : A :=
  (y i + match find to i with Some j => x (position from j) | None => 0%ring end)%ring.

Lemma find_some : forall s i j, 1 <= step s -> find s i = Some j <->
  0 <= j < slice_length s /\ position s j = i.
Proof.
  intros s i j Hs. unfold find. split.
  - destruct (_ && _ && _) eqn:E; [|discriminate]. intros H. injection H as <-.
    rewrite !andb_true_iff, Z.leb_le, Z.ltb_lt, Z.eqb_eq in E. lia.
  - intros [Hj <-]. unfold position. replace (start s + step s * j - start s) with (j * step s) by lia.
    rewrite Z.div_mul by lia. destruct (_ && _ && _) eqn:E; [reflexivity|].
    apply not_true_iff_false in E. exfalso. apply E. rewrite !andb_true_iff, Z.leb_le, Z.ltb_lt, Z.eqb_eq.
    lia.
Qed.

(** What a slice receives at cell i from a slice beside it that lists, facing i, the o < n for which a
    condition holds. *)
Lemma find_is_sum : forall to from n condition i (x : Z -> A), 1 <= step to ->
  (forall o, (exists j, 0 <= j < slice_length to /\ position to j = i /\ position from j
    = o) <-> 0 <= o < n /\ condition o = true) ->
  match find to i with Some j => x (position from j) | None => 0%ring end = sum (range n)
    (fun o => on (condition o) (x o)).
Proof.
  intros to from n condition i x Hs H. destruct (find to i) as [j|] eqn:E.
  - apply find_some in E; [|assumption]. destruct (proj1 (H (position from j))) as [Ho Hc]; [exists j;
      intuition|].
    rewrite <- (sum_pick_in n (position from j) x Ho). apply sum_ext. intros o R. apply in_range in R.
    destruct (Z.eqb_spec o (position from j)) as [->|D]; [now rewrite Hc|].
    destruct (condition o) eqn:C; [exfalso|reflexivity].
    destruct (proj2 (H o)) as (j' & Hj & P & <-); [auto|].
    apply D. f_equal. unfold position in P. destruct E as [_ E]. unfold position in E. nia.
  - symmetry. apply sum_zero. intros o R. apply in_range in R.
    destruct (condition o) eqn:C; [exfalso|reflexivity].
    destruct (proj2 (H o)) as (j & Hj & P & _); [auto|].
    assert (F : find to i = Some j) by (apply find_some; auto). congruence.
Qed.
End Slices.

Section Line.
Context {A : commutative_ring}.
Add Ring A_ring' : (laws A).
Variable a : axis.
Hypothesis ok : sensible a.
Notation n := (size a). Notation m := (outs a). Notation k := (kernel a).

Lemma to_outputs : forall r o, 0 <= o < m -> forall i,
  (exists j, 0 <= j < slice_length (tap_outputs a m r) /\ position (tap_outputs a m r) j = o /\
    position (tap_inputs a m r) j = i)
  <-> 0 <= i < n /\ (i =? cell a r o) = true.
Proof. intros. rewrite Z.eqb_eq, (tap_lists_exactly a ok). lia. Qed.

Lemma to_inputs : forall r i, 0 <= i < n -> forall o,
  (exists j, 0 <= j < slice_length (tap_inputs a m r) /\ position (tap_inputs a m r) j = i /\
    position (tap_outputs a m r) j = o)
  <-> 0 <= o < m /\ (i =? cell a r o) = true.
Proof.
  intros r i Hi o. destruct (tap_slices_fit a ok m r) as (<- & _). rewrite Z.eqb_eq.
  pose proof (tap_lists_exactly a ok m r o i) as X. split.
  - intros (j & ? & ? & ?). destruct X as [X _]. destruct X as (? & ? & ?); [exists j; auto|auto].
  - intros []. destruct X as [_ X]. destruct X as (j & ? & ? & ?); [auto|exists j; auto].
Qed.

Lemma tap_steps : forall r, 1 <= step (tap_outputs a m r) /\ 1 <= step (tap_inputs a m r).
Proof. intros. destruct (tap_slices_fit a ok m r) as (_ & _ & -> & _ & -> & _), ok as (?&?&?&?&?&?). lia.
Qed.

(** [for t: y[t, o] = x[i]], from zeros. *)
Definition unfold_line (x : Z -> A) : Z -> Z -> A :=
  loop (range k) (fun t y r =>
    if r =? t then assign (tap_outputs a m t) (tap_inputs a m t) x (y r) else y r) (fun _ _ => 0%ring).
(** [for t: x[i] += y[t, o]], from zeros. *)
Definition fold_line (y : Z -> Z -> A) : Z -> A :=
  loop (range k) (fun t x => add_into (tap_inputs a m t) (tap_outputs a m t) (y t) x) (fun _ => 0%ring).

(** Unfolding takes to output o, at tap r, the input that the two meet, or 0. *)
Lemma unfold_line_is : forall x r o, 0 <= r < k -> 0 <= o < m ->
  unfold_line x r o = sum (range n) (fun i => on (i =? cell a r o) (x i)).
Proof.
  intros x r o Hr Ho. rewrite <- (find_is_sum (tap_outputs a m r) (tap_inputs a m r) n _ o x (proj1
    (tap_steps r)) (to_outputs r o Ho)).
  unfold unfold_line. pose (got := match find (tap_outputs a m r) o with Some j => x (position (tap_inputs a
    m r) j) | None => 0%ring end).
  fold got. match goal with |- loop _ ?b ?z _ _ = _ => pose (body := b); pose (start := z) end.
  fold body start.
  assert (X : forall k', 0 <= k' -> loop (range k') body start r o
    = if (0 <=? r) && (r <? k') then got else 0%ring).
  { apply (range_induction (fun k' l => loop l body start r o
      = if (0 <=? r) && (r <? k') then got else 0%ring)).
    - destruct (Z.leb_spec 0 r), (Z.ltb_spec r 0); try lia; reflexivity.
    - intros k' Hk IH. unfold loop in *. rewrite fold_left_app. cbn [fold_left]. unfold body at 1.
      destruct (Z.eqb_spec r k') as [E|E].
      + subst k'. unfold assign. fold got. unfold got at 1. destruct (find _ _); rewrite ?IH;
        destruct (Z.leb_spec 0 r), (Z.ltb_spec r (r + 1)), (Z.ltb_spec r r); try lia; reflexivity.
      + rewrite IH. destruct (Z.leb_spec 0 r), (Z.ltb_spec r k'), (Z.ltb_spec r (k' + 1)); try lia;
          reflexivity. }
  rewrite X by lia. destruct (Z.leb_spec 0 r), (Z.ltb_spec r k); try lia; reflexivity.
Qed.

(** Folding adds up at input i what comes from the taps and outputs that meet it. *)
Lemma fold_line_is : forall y i, 0 <= i < n ->
  fold_line y i = sum (range k) (fun r => sum (range m) (fun o => on (i =? cell a r o) (y r o))).
Proof.
  intros y i Hi. unfold fold_line.
  rewrite (loop_adds (range k) _ (fun t i => match find (tap_inputs a m t) i with
    Some j => y t (position (tap_outputs a m t) j) | None => 0%ring end)) by reflexivity.
  match goal with |- (0 + ?s = ?s')%ring => replace s with s'; [ring|] end.
  apply sum_ext. intros r _. symmetry. apply find_is_sum; [apply tap_steps|]. intros o. apply to_inputs.
  assumption.
Qed.

(** The residual with stride - 1 zeros between each two: delta[j / stride] at j, where stride divides j. *)
Definition upsampled (delta : Z -> A) (j : Z) : A :=
  on ((j mod stride a =? 0) && (0 <=? j / stride a) && (j / stride a <? m)) (delta (j / stride a)).

(** Outputs that meet input i through tap r: at most one, and then the upsampled residual is found there. *)
Lemma upsampled_is : forall delta r i,
  sum (range m) (fun o => on (i =? cell a r o) (delta o)) = upsampled delta (i + padding a - dilation a * r).
Proof.
  intros delta r i. destruct ok as (?&?&?&?&?&?). set (j := i + padding a - dilation a * r).
  unfold upsampled.
  rewrite (sum_ext _ _ (fun o => on (j mod stride a =? 0) (on (o =? j / stride a) (delta o)))).
  - rewrite sum_on, (sum_pick m (j / stride a) delta), !on_and. reflexivity.
  - intros o _. unfold cell. divided j (stride a).
    destruct (Z.eqb_spec i (stride a * o + dilation a * r - padding a)), (Z.eqb_spec (j mod stride a) 0),
      (Z.eqb_spec o (j / stride a));
    cbn [on]; try reflexivity; exfalso.
    + assert (stride a * o = stride a * (j / stride a)) by lia. nia.
    + assert (E : j = o * stride a) by lia. rewrite E, Z.mod_mul in *; lia.
    + assert (E : j = o * stride a) by lia. rewrite E, Z.mod_mul in *; lia.
    + subst o. lia.
Qed.
End Line.
