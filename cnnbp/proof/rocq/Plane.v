(** Unfold and fold in two dimensions, as Relation.gather and Relation.scatter compute them: rows h and
    columns v. Arrays are functions of their indices: input cells (i, j); windows (r, s, p, q), which is
    output (p, q) at tap (r, s). *)
From Coq Require Import ZArith Bool Lia List Ring.
From cnnbp Require Import Axis Relation Outputs Tap Sums Line.
Open Scope Z_scope.

Section Plane.
Context {A : commutative_ring}.
Add Ring A_ring : (laws A).
Variables h v : axis.
Hypothesis (rows_ok : sensible h) (columns_ok : sensible v).

Definition cells : list (Z * Z) := range (size h) ** range (size v).
Definition windows : list (Z * Z * Z * Z) :=
  range (kernel h) ** range (kernel v) ** range (outs h) ** range (outs v).

(** gather: where no window leaves the input, memory is looked at with other strides; else the rows of every
    window are copied, and then their columns. *)
Definition unfold (x : Z * Z -> A) : Z * Z * Z * Z -> A := fun '(r, s, p, q) =>
  if inside h (outs h) && inside v (outs v)
  then x (dilation h * r + stride h * p, dilation v * s + stride v * q)
  else unfold_line v (fun j => unfold_line h (fun i => x (i, j)) r p) s q.

(** scatter: first the rows, then the columns. *)
Definition fold (y : Z * Z * Z * Z -> A) : Z * Z -> A := fun '(i, j) =>
  fold_line v (fun s q => fold_line h (fun r p => y (r, s, p, q)) i) j.

(** (o, t, i) is in T, which is the product of its two axes. *)
Definition meet : Z * Z * Z * Z -> Z * Z -> bool :=
  fun '(r, s, p, q) '(i, j) => (i =? cell h r p) && (j =? cell v s q).

Lemma in_cells : forall i j, In (i, j) cells <-> 0 <= i < size h /\ 0 <= j < size v.
Proof. intros. unfold cells. rewrite in_prod_iff, !in_range. reflexivity. Qed.
Lemma in_windows : forall r s p q,
  In (r, s, p, q) windows <-> 0 <= r < kernel h /\ 0 <= s < kernel v /\ 0 <= p < outs h /\ 0 <= q < outs v.
Proof. intros. unfold windows. rewrite !in_prod_iff, !in_range. tauto. Qed.

Lemma sum_windows : forall f : Z * Z * Z * Z -> A, sum windows f =
  sum (range (outs h)) (fun p => sum (range (outs v)) (fun q => sum (range (kernel h))
    (fun r => sum (range (kernel v)) (fun s => f (r, s, p, q))))).
Proof.
  intros. transitivity (sum (range (outs h) ** range (outs v))
    (fun o => sum (range (kernel h) ** range (kernel v)) (fun t =>
    f (fst t, snd t, fst o, snd o)))); [rewrite sum_swap|]; unfold windows; rewrite !sum_pairs.
  - do 2 (apply sum_ext; intros ? _). rewrite sum_pairs. reflexivity.
  - do 2 (apply sum_ext; intros ? _). rewrite sum_pairs. reflexivity.
Qed.

(** Unfolding takes to a window's tap the input that the two meet, and 0 where they meet none: padding is
    never data. *)
Theorem unfold_takes_what_T_says : forall x w, In w windows ->
  unfold x w = sum cells (fun i => on (meet w i) (x i)).
Proof.
  intros x [[[r s] p] q] (Hr & Hs & Hp & Hq)%in_windows. unfold cells, unfold, meet. rewrite sum_pairs.
  destruct (inside h (outs h) && inside v (outs v)) eqn:E.
  - apply andb_true_iff in E as [E F]. destruct (inside_means_no_padding h rows_ok _ E) as [P H].
    destruct (inside_means_no_padding v columns_ok _ F) as [P' H'].
    replace (dilation h * r + stride h * p) with (cell h r p) by (unfold cell; lia).
    replace (dilation v * s + stride v * q) with (cell v s q) by (unfold cell; lia).
    rewrite <- (sum_pick_in (size h) (cell h r p) (fun i => x (i, cell v s q))) by auto.
    apply sum_ext. intros i _. rewrite <- (sum_pick_in (size v) (cell v s q) (fun j => x (i, j))) by auto.
    rewrite <- sum_on.
    apply sum_ext. intros j _. apply eq_sym, on_and.
  - rewrite unfold_line_is by assumption. rewrite sum_swap. apply sum_ext. intros j _.
    rewrite unfold_line_is, <- sum_on by assumption. apply sum_ext. intros i _. rewrite andb_comm.
    apply eq_sym, on_and.
Qed.

(** Folding adds up at an input what comes from the windows' taps that meet it. *)
Theorem fold_adds_what_T_says : forall y i, In i cells ->
  fold y i = sum windows (fun w => on (meet w i) (y w)).
Proof.
  intros y [i j] (Hi & Hj)%in_cells. unfold windows, fold, meet.
  rewrite !sum_pairs, fold_line_is by assumption.
  rewrite (sum_swap (range (kernel h))). apply sum_ext. intros s _.
  rewrite (sum_ext (range (kernel h)) _ (fun r => sum (range (outs v)) (fun q => sum (range (outs h))
    (fun p =>
    on ((i =? cell h r p) && (j =? cell v s q)) (y (r, s, p, q)))))) by (intros; apply sum_swap).
  rewrite sum_swap. apply sum_ext. intros q _. rewrite fold_line_is, <- sum_on by assumption.
  apply sum_ext. intros r _. rewrite <- sum_on. apply sum_ext. intros p _. rewrite andb_comm.
  apply eq_sym, on_and.
Qed.

(** Fold is the transpose of unfold: fold y against x is y against unfold x, for all y and x. *)
Theorem fold_is_transpose_of_unfold : forall y x, dot cells (fold y) x = dot windows y (unfold x).
Proof.
  intros. unfold dot. transitivity (sum cells (fun i => sum windows
    (fun w => on (meet w i) (y w * x i)%ring))).
  - apply sum_ext. intros i Hi. rewrite fold_adds_what_T_says, <- sum_right by assumption. apply sum_ext.
    intros. apply eq_sym, on_left.
  - rewrite sum_swap. apply sum_ext. intros w Hw. rewrite unfold_takes_what_T_says,
      <- sum_left by assumption.
    apply sum_ext. intros. apply on_right.
Qed.

(** The residual of outputs, put at the places of a stride of 1: stride - 1 zeros between each two of its
    rows and columns. *)
Definition upsampled_plane (delta : Z * Z -> A) : Z * Z -> A := fun '(i, j) =>
  upsampled v (fun q => upsampled h (fun p => delta (p, q)) i) j.

(** The kernel turned by half a turn. *)
Definition rotated (w : Z * Z -> A) : Z * Z -> A := fun '(r, s) => w (kernel h - 1 - r, kernel v - 1 - s).

(** The full convolution of a plane: the kernel laid over every place where it reaches dilation * (kernel -
    1) beyond it, seen at input (i, j), whose padding is cut off. *)
Definition full_convolution (w d : Z * Z -> A) : Z * Z -> A := fun '(i, j) =>
  let i' := i + padding h - dilation h * (kernel h - 1) in
  let j' := j + padding v - dilation v * (kernel v - 1) in
  sum (range (kernel h) ** range (kernel v)) (fun '(r, s) =>
    (w (r, s) * d (i' + dilation h * r, j' + dilation v * s)%Z)%ring).

(** One map, one kernel: folding w[t] delta[o] is the full convolution of the upsampled residual with the
    rotated kernel. *)
Theorem fold_is_full_convolution_with_rotated_kernel : forall w delta i, In i cells ->
  fold (fun '(r, s, p, q) => w (r, s) * delta (p, q))%ring i
  = full_convolution (rotated w) (upsampled_plane delta) i.
Proof.
  intros w delta [i j] H. rewrite fold_adds_what_T_says by assumption.
  unfold windows, full_convolution, meet.
  rewrite !sum_pairs, sum_reverse. apply sum_ext. intros r _. rewrite sum_reverse. apply sum_ext.
  intros s _. cbn [rotated].
  set (r' := kernel h - 1 - r). set (s' := kernel v - 1 - s).
  replace (i + padding h - _ + _) with (i + padding h - dilation h * r') by (unfold r'; lia).
  replace (j + padding v - _ + _) with (j + padding v - dilation v * s') by (unfold s'; lia).
  unfold upsampled_plane. rewrite <- (upsampled_is v columns_ok), <- sum_left, sum_swap. apply sum_ext.
  intros q _. rewrite <- (upsampled_is h rows_ok), <- sum_on, <- sum_left. apply sum_ext. intros p _.
  rewrite andb_comm, on_and. destruct (j =? _), (i =? _); cbn; ring.
Qed.
End Plane.
