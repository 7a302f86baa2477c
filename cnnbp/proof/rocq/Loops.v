(** Loops over the taps of T, as pooling has them: at each tap (r, s) two slices of outputs face two slices
    of inputs. *)
From Coq Require Import ZArith Bool Lia List Ring.
From cnnbp Require Import Axis Relation Outputs Tap PoolingAxis Sums Line Plane Contraction.
Open Scope Z_scope.

Section Loops.
Context {A : commutative_ring}.
Add Ring A_ring : (laws A).
Variables h v : axis.
Hypothesis (rows_ok : sensible h) (columns_ok : sensible v).

Definition taps : list (Z * Z) := range (kernel h) ** range (kernel v).
Definition outputs_of_plane : list (Z * Z) := range (outs h) ** range (outs v).

(** [(o, t)] as a window's tap. *)
Definition at_tap (t o : Z * Z) : Z * Z * Z * Z := (fst t, snd t, fst o, snd o).
(** Output o meets an input at tap t: this one. *)
Definition place (t o : Z * Z) : Z * Z := (cell h (fst t) (fst o), cell v (snd t) (snd o)).
Definition seen (t o : Z * Z) : bool :=
  let '(i, j) := place t o in (0 <=? i) && (i <? size h) && ((0 <=? j) && (j <? size v)).

(** NumPy's [y[to, to'] = f(y[to, to'], x[from, from'])], seen at one cell of y. *)
Definition update {X Y} (to to' from from' : slice) (f : Y -> X -> Y) (x : Z * Z -> X)
    (y : Z * Z -> Y) (c : Z * Z) : Y :=
  match find to (fst c), find to' (snd c) with
  | Some a, Some b => f (y c) (x (position from a, position from' b))
  | _, _ => y c
  end.
(** [for o, t, i in T: y[o] = f(y[o], x[i])] at one tap, and the other way round, [x[i] = f(x[i], y[o])]. *)
Definition at_outputs {X Y} (t : Z * Z) : (Y -> X -> Y) -> (Z * Z -> X) -> (Z * Z -> Y) -> Z * Z -> Y :=
  update (tap_outputs h (outs h) (fst t)) (tap_outputs v (outs v) (snd t))
    (tap_inputs h (outs h) (fst t)) (tap_inputs v (outs v) (snd t)).
Definition at_inputs {X Y} (t : Z * Z) : (X -> Y -> X) -> (Z * Z -> Y) -> (Z * Z -> X) -> Z * Z -> X :=
  update (tap_inputs h (outs h) (fst t)) (tap_inputs v (outs v) (snd t))
    (tap_outputs h (outs h) (fst t)) (tap_outputs v (outs v) (snd t)).

Lemma find_output : forall a (ok : sensible a) r o, 0 <= o < outs a ->
  match find (tap_outputs a (outs a) r) o with
  | Some j => position (tap_inputs a (outs a) r) j = cell a r o /\ 0 <= cell a r o < size a
  | None => ~ 0 <= cell a r o < size a
  end.
Proof.
  intros a ok r o Ho. pose proof (proj1 (tap_steps a ok r)) as S.
  destruct (find _ o) as [j|] eqn:E.
  - apply find_some in E; [|assumption].
    destruct (proj1 (tap_lists_exactly a ok (outs a) r o (position (tap_inputs a (outs a) r) j))) as (_ & R
      & <-); [exists j; intuition|auto].
  - intros H. destruct (proj2 (tap_lists_exactly a ok (outs a) r o (cell a r o))) as (j & Hj & P & _);
      [auto|].
    assert (F : find (tap_outputs a (outs a) r) o = Some j) by (apply find_some; auto). congruence.
Qed.

(** A tap changes the outputs that see an input through it, each by the input that it sees. *)
Lemma at_outputs_is {X Y} : forall t (f : Y -> X -> Y) x y o, In o outputs_of_plane ->
  at_outputs t f x y o = if seen t o then f (y o) (x (place t o)) else y o.
Proof.
  intros [r s] f x y [p q] H. unfold outputs_of_plane in H. rewrite in_prod_iff, !in_range in H.
  unfold at_outputs, update, seen, place. cbn [fst snd].
  pose proof (find_output h rows_ok r p) as P. pose proof (find_output v columns_ok s q) as Q.
  destruct (find _ p); [destruct (P (proj1 H)) as [P1 P2]|specialize (P (proj1 H))];
  (destruct (find _ q); [destruct (Q (proj2 H)) as [Q1 Q2]|specialize (Q (proj2 H))]); rewrite ?P1, ?Q1;
    by_cases; try lia; reflexivity.
Qed.

(** Adding at a tap adds to each input what the outputs that meet it there have. *)
Lemma adding_at_inputs_is : forall t (y x : Z * Z -> A) i, In i (cells h v) ->
  at_inputs t (fun a b => a + b)%ring y x i = (x i + sum outputs_of_plane
    (fun o => on (meet h v (at_tap t o) i) (y o)))%ring.
Proof.
  intros [r s] y x [i j] (Hi & Hj)%in_cells. unfold at_inputs, update, outputs_of_plane, meet, at_tap.
  cbn [fst snd]. rewrite sum_pairs.
  pose (column p := match find (tap_inputs v (outs v) s) j with Some b => y (p,
    position (tap_outputs v (outs v) s) b) | None => 0%ring end).
  transitivity (x (i, j) + match find (tap_inputs h (outs h) r) i with Some a => column (position
    (tap_outputs h (outs h) r) a) | None => 0%ring end)%ring.
  - unfold column. destruct (find _ i), (find _ j); ring || reflexivity.
  - f_equal. rewrite (find_is_sum _ _ _ _ _ column (proj2 (tap_steps h rows_ok r)) (to_inputs h rows_ok r i
      Hi)).
    apply sum_ext. intros p _. unfold column.
    rewrite (find_is_sum _ _ _ _ _ (fun q => y (p, q)) (proj2 (tap_steps v columns_ok s)) (to_inputs v
      columns_ok s j Hj)).
    rewrite <- sum_on. apply sum_ext. intros q _. apply eq_sym, on_and.
Qed.

(** What is seen is what is met. *)
Lemma meets_its_place : forall t o i, In i (cells h v) -> meet h v (at_tap t o) i = true <-> seen t o
  = true /\ i = place t o.
Proof.
  intros [r s] [p q] [i j] (Hi & Hj)%in_cells. unfold meet, at_tap, seen, place. cbn [fst snd].
  rewrite !andb_true_iff, !Z.eqb_eq, !Z.leb_le, !Z.ltb_lt. split; [intros [-> ->]; repeat split; lia|].
  intros [_ E]. injection E as -> ->. auto.
Qed.
Lemma sum_of_met : forall t o (x : Z * Z -> A), sum (cells h v)
  (fun i => on (meet h v (at_tap t o) i) (x i)) = on (seen t o) (x (place t o)).
Proof.
  intros [r s] [p q] x. unfold cells, meet, at_tap, seen, place. cbn [fst snd]. rewrite sum_pairs, on_and.
  rewrite <- (sum_pick (size h) (cell h r p) (fun i => on ((0 <=? cell v s q) && (cell v s q <? size v)) (x
    (i, cell v s q)))).
  apply sum_ext. intros i _. rewrite <- (sum_pick (size v) (cell v s q) (fun j => x (i, j))), <- sum_on.
  apply sum_ext. intros j _. apply on_and.
Qed.
End Loops.
