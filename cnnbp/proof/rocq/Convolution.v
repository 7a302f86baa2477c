(** Conv2d: its forward and backward, as the code computes them from unfold, fold and matrix products, are
    the contractions of T. Letters: sample n, output channel k, input channel c, input (i, j), output
    (p, q), tap (r, s). *)
From Coq Require Import ZArith Bool Lia List Ring.
From cnnbp Require Import Axis Relation Outputs Tap Sums Line Plane Contraction.
Open Scope Z_scope.

Section Convolution.
Context {A : commutative_ring}.
Add Ring A_ring : (laws A).
Variables h v : axis.
Hypothesis (rows_ok : sensible h) (columns_ok : sensible v).
Variables samples groups K C : Z.       (* K output and C input channels in each group *)
Hypothesis (groups_ok : 1 <= groups) (K_ok : 1 <= K) (C_ok : 1 <= C).

Notation taps_of_a_channel := (range C ** range (kernel h) ** range (kernel v)).
Definition conv_outputs : list (Z * Z * Z * Z) :=
  range samples ** range (groups * K) ** range (outs h) ** range (outs v).
Definition conv_taps : list (Z * Z * Z * Z) :=
  range (groups * K) ** range C ** range (kernel h) ** range (kernel v).
Definition conv_inputs : list (Z * Z * Z * Z) :=
  range samples ** range (groups * C) ** range (size h) ** range (size v).

(** The map of one sample and channel. *)
Definition plane (x : Z * Z * Z * Z -> A) (n c : Z) : Z * Z -> A := fun '(i, j) => x (n, c, i, j).

(** forward: y = w @ unfold(x) + b, group by group; output channel k is in group k / K. *)
Definition forward (x w : Z * Z * Z * Z -> A) (b : Z -> A) : Z * Z * Z * Z -> A := fun '(n, k, p, q) =>
  (sum taps_of_a_channel (fun '(c, r, s) =>
    w (k, c, r, s) * unfold h v (plane x n (k / K * C + c)%Z) (r, s, p, q)) + b k)%ring.

(** backward: dx = fold(w^T @ delta), dw = delta @ unfold(x)^T summed over the samples, db = delta summed. *)
Definition dx (delta w : Z * Z * Z * Z -> A) : Z * Z * Z * Z -> A := fun '(n, c, i, j) =>
  let group := c / C in
  fold h v (fun '(r, s, p, q) => sum (range K) (fun k =>
    w (group * K + k, c mod C, r, s)%Z * delta (n, group * K + k, p, q)%Z)%ring) (i, j).
Definition dw (delta x : Z * Z * Z * Z -> A) : Z * Z * Z * Z -> A := fun '(k, c, r, s) =>
  sum (range samples) (fun n => sum (range (outs h) ** range (outs v)) (fun '(p, q) =>
    delta (n, k, p, q) * unfold h v (plane x n (k / K * C + c)%Z) (r, s, p, q))%ring).
Definition db (delta : Z * Z * Z * Z -> A) (k : Z) : A :=
  sum (range samples) (fun n => sum (range (outs h) ** range (outs v)) (fun '(p, q) => delta (n, k, p, q))).

(** T of a convolution: same sample, the output channel's own kernel, an input channel of its group, and a
    place that meets. *)
Definition conv_T : Z * Z * Z * Z -> Z * Z * Z * Z -> Z * Z * Z * Z -> bool :=
  fun '(n, k, p, q) '(k', c, r, s) '(n', c', i, j) =>
  (k' =? k) && (n' =? n) && (c' =? k / K * C + c) && meet h v (r, s, p, q) (i, j).

Lemma group_in_range : forall k, 0 <= k < groups * K -> 0 <= k / K < groups.
Proof. intros k H. split; [apply Z.div_pos; lia|apply Z.div_lt_upper_bound; lia]. Qed.
Lemma channel_in_range : forall k c, 0 <= k < groups * K -> 0 <= c < C -> 0 <= k / K * C + c < groups * C.
Proof. intros k c H Hc. pose proof (group_in_range k H). nia. Qed.

(** What T takes from the input to one window's tap is what unfold takes there. *)
Lemma unfolded_is_T : forall x n k p q c r s, 0 <= n < samples -> 0 <= k < groups * K -> 0 <= c < C ->
  In (r, s, p, q) (windows h v) ->
  unfold h v (plane x n (k / K * C + c)) (r, s, p, q)
  = sum conv_inputs (fun i => on (conv_T (n, k, p, q) (k, c, r, s) i) (x i)).
Proof.
  intros x n k p q c r s Hn Hk Hc Hw. rewrite (unfold_takes_what_T_says h v rows_ok columns_ok) by
    assumption.
  unfold conv_inputs, conv_T. rewrite !sum_pairs, Z.eqb_refl. cbn [andb].
  rewrite <- (sum_pick_in samples n (fun n => sum (cells h v) (fun i => on (meet h v
    (r, s, p, q) i) (plane x n (k / K * C + c) i)))) by lia.
  apply sum_ext. intros n' _. rewrite <- (sum_pick_in (groups * C) (k / K * C + c) (fun c' =>
    sum (cells h v) (fun i => on (meet h v (r, s, p, q) i) (plane x n' c' i)))) by (apply channel_in_range;
      assumption).
  rewrite <- sum_on. apply sum_ext. intros c' _. unfold cells. rewrite sum_pairs, <- !sum_on. apply sum_ext.
  intros i _. rewrite <- !sum_on. apply sum_ext. intros j _. now rewrite !on_and.
Qed.

(** The convolution's forward pass is the contraction of T with kernel and input, and the bias: a
    cross-correlation. *)
Theorem convolution_contracts_T : forall x w b o, In o conv_outputs ->
  forward x w b o = (contract_forward conv_taps conv_inputs conv_T w x o + b (snd (fst (fst o))))%ring.
Proof.
  intros x w b [[[n k] p] q] H. unfold conv_outputs in H. rewrite !in_prod_iff, !in_range in H.
  cbn [fst snd]. unfold forward. f_equal.
  unfold contract_forward, conv_taps. rewrite !sum_pairs.
  rewrite <- (sum_pick_in (groups * K) k (fun k' => sum (range C) (fun c => sum (range (kernel h))
    (fun r => sum (range (kernel v))
    (fun s => w (k', c, r, s) * unfold h v (plane x n (k / K * C + c)%Z) (r, s, p, q)))))%ring) by lia.
  apply sum_ext. intros k' _. do 3 (rewrite <- sum_on; apply sum_ext; intros ? ?%in_range).
  rewrite unfolded_is_T by (lia || (apply in_windows; lia)). rewrite <- sum_left, <- sum_on.
  apply sum_ext. intros [[[n' c'] i'] j'] _. unfold conv_T. rewrite Z.eqb_refl.
  destruct (k' =? k); cbn [on andb]; [apply eq_sym, on_right|reflexivity].
Qed.

(** The convolution's dx is the contraction of T with kernel and residual. *)
Theorem residual_contracts_T : forall delta w i, In i conv_inputs ->
  dx delta w i = contract_input conv_outputs conv_taps conv_T w delta i.
Proof.
  intros delta w [[[n c] i] j] H. unfold conv_inputs in H. rewrite !in_prod_iff, !in_range in H.
  destruct H as [[[Hn Hc] Hi] Hj].
  assert (Hg : 0 <= c / C < groups) by (split; [apply Z.div_pos; lia|apply Z.div_lt_upper_bound; lia]).
  unfold dx. rewrite (fold_adds_what_T_says h v rows_ok columns_ok) by (apply in_cells; auto).
  set (term k := sum (windows h v) (fun '(r, s, p, q) => on (meet h v (r, s, p, q) (i, j)) (w
    (k, c mod C, r, s) * delta (n, k, p, q))%ring)).
  transitivity (sum (range (groups * K)) (fun k => on (k / K =? c / C) (term k))).
  - rewrite sum_group by lia. unfold term. rewrite sum_swap. apply sum_ext. intros [[[r s] p] q] _.
    now rewrite <- sum_on.
  - unfold contract_input, conv_outputs, conv_taps, conv_T. rewrite !sum_pairs.
    rewrite <- (sum_pick_in samples n (fun n => sum (range (groups * K))
      (fun k => on (k / K =? c / C) (term k)))) by lia.
    apply sum_ext. intros n' _. rewrite <- sum_on. apply sum_ext. intros k Hk. apply in_range in Hk.
    unfold term. rewrite sum_windows, <- !sum_on. apply sum_ext. intros p _. rewrite <- !sum_on.
    apply sum_ext. intros q _.
    rewrite !sum_pairs, <- (sum_pick_in (groups * K) k (fun k' => on (n' =? n) (on (k / K =? c / C) (sum
      (range (kernel h)) (fun r => sum (range (kernel v))
      (fun s => on (meet h v (r, s, p, q) (i, j)) (w (k', c mod C, r, s) * delta
        (n, k, p, q))%ring)))))) by lia.
    apply sum_ext. intros k' _.
    assert (D : forall c', 0 <= c' < C -> (c =? k / K * C + c') = (k / K =? c / C) && (c' =? c mod C)).
    { intros c' Hc'. divided c C. destruct (Z.eqb_spec c (k / K * C + c')), (Z.eqb_spec (k / K) (c / C)),
        (Z.eqb_spec c' (c mod C)); try reflexivity; exfalso; nia. }
    rewrite <- (sum_pick_in C (c mod C) (fun c' => sum (range (kernel h)) (fun r => sum (range (kernel v))
      (fun s => on (meet h v (r, s, p, q) (i, j)) (w (k', c', r, s) * delta (n, k, p, q))%ring))))
        by (apply Z.mod_pos_bound; lia).
    rewrite <- !sum_on. apply sum_ext. intros c' Hc'. apply in_range in Hc'. rewrite <- !sum_on.
    apply sum_ext. intros r _.
    rewrite <- !sum_on. apply sum_ext. intros s _. rewrite D, !on_and by assumption.
    rewrite (Z.eqb_sym n n'). destruct (Z.eqb_spec n' n) as [->|]; [reflexivity|].
    destruct (k' =? k); reflexivity.
Qed.

(** The convolution's dw is the contraction of T with residual and input. *)
Theorem kernel_gradient_contracts_T : forall delta x t, In t conv_taps ->
  dw delta x t = contract_weight conv_outputs conv_inputs conv_T delta x t.
Proof.
  intros delta x [[[k c] r] s] H. unfold conv_taps in H. rewrite !in_prod_iff, !in_range in H.
  destruct H as [[[Hk Hc] Hr] Hs].
  unfold dw, contract_weight, conv_outputs. rewrite !sum_pairs. apply sum_ext. intros n Hn.
  apply in_range in Hn.
  rewrite <- (sum_pick_in (groups * K) k (fun k => sum (range (outs h) ** range (outs v)) (fun '(p, q) =>
    delta (n, k, p, q) * unfold h v (plane x n (k / K * C + c)%Z) (r, s, p, q))%ring)) by lia.
  apply sum_ext. intros k' Hk'. apply in_range in Hk'. rewrite <- sum_on, sum_pairs.
  apply sum_ext. intros p Hp. apply sum_ext. intros q Hq. apply in_range in Hp, Hq.
  rewrite unfolded_is_T by (lia || (apply in_windows; lia)). rewrite <- sum_left, <- sum_on.
  apply sum_ext. intros [[[n' c'] i'] j'] _. unfold conv_T. rewrite Z.eqb_refl, (Z.eqb_sym k k').
  destruct (k' =? k); cbn [on andb]; [apply eq_sym, on_right|reflexivity].
Qed.

Notation residual_against_output x w b delta := (dot conv_outputs (forward x w b) delta).

Lemma output_splits : forall x w b delta, residual_against_output x w b delta
  = (dot conv_outputs (contract_forward conv_taps conv_inputs conv_T w x) delta
     + dot (range (groups * K)) (db delta) b)%ring.
Proof.
  intros. transitivity (dot conv_outputs (contract_forward conv_taps conv_inputs conv_T w x) delta
    + sum conv_outputs (fun '(n, k, p, q) => b k * delta (n, k, p, q))%ring)%ring.
  - unfold dot. rewrite <- sum_add. apply sum_ext. intros [[[n k] p] q] H.
    rewrite convolution_contracts_T by assumption. cbn. ring.
  - f_equal. unfold dot, db, conv_outputs. rewrite !sum_pairs, sum_swap. apply sum_ext. intros k _.
    rewrite <- sum_right.
    apply sum_ext. intros n _. rewrite <- sum_right, sum_pairs. apply sum_ext. intros p _. apply sum_ext.
    intros q _. ring.
Qed.

(** The convolution's dx is the gradient by its input. *)
Theorem gradient_by_input : forall x w b delta,
  gradient_of conv_inputs (fun x => residual_against_output x w b delta) x (dx delta w).
Proof.
  intros. apply (gradient_of_linear _ _ _ _ (dot (range (groups * K)) (db delta) b)). intros.
  rewrite output_splits, forward_against_input. f_equal. apply dot_ext. intros.
  now rewrite residual_contracts_T.
Qed.

(** The convolution's dw is the gradient by its kernel, whose weights all places and samples share. *)
Theorem gradient_by_kernel : forall x w b delta,
  gradient_of conv_taps (fun w => residual_against_output x w b delta) w (dw delta x).
Proof.
  intros. apply (gradient_of_linear _ _ _ _ (dot (range (groups * K)) (db delta) b)). intros.
  rewrite output_splits, forward_against_weight. f_equal. apply dot_ext. intros.
  now rewrite kernel_gradient_contracts_T.
Qed.

(** The convolution's db is the gradient by its bias. *)
Theorem gradient_by_bias : forall x w b delta,
  gradient_of (range (groups * K)) (fun b => residual_against_output x w b delta) b (db delta).
Proof.
  intros. apply (gradient_of_linear _ _ _ _ (dot conv_outputs (contract_forward conv_taps conv_inputs conv_T
    w x) delta)).
  intros. rewrite output_splits. ring.
Qed.

(** The residual of an input channel of a convolution is, summed over the output channels of its group, the
    full convolution of the upsampled residual with the rotated kernel. *)
Theorem residual_is_full_convolution_with_rotated_kernel : forall delta w n c i j,
  In (n, c, i, j) conv_inputs ->
  dx delta w (n, c, i, j) = sum (range K) (fun k => let k := c / C * K + k in
    full_convolution h v (rotated h v (plane w k (c mod C))) (upsampled_plane h v (plane delta n k)) (i, j)).
Proof.
  intros delta w n c i j H. unfold conv_inputs in H. rewrite !in_prod_iff, !in_range in H. unfold dx.
  rewrite (fold_adds_what_T_says h v rows_ok columns_ok) by (apply in_cells; lia).
  transitivity (sum (range K) (fun k => sum (windows h v) (fun w' => on (meet h v w' (i, j)) (let
    '(r, s, p, q) := w' in
    plane w (c / C * K + k)%Z (c mod C) (r, s) * plane delta n (c / C * K + k)%Z (p, q)))%ring)).
  - rewrite sum_swap. apply sum_ext. intros [[[r s] p] q] _. now rewrite sum_on.
  - apply sum_ext. intros k _. cbv zeta. rewrite <- (fold_is_full_convolution_with_rotated_kernel h v
      rows_ok columns_ok) by (apply in_cells; lia).
    rewrite (fold_adds_what_T_says h v rows_ok columns_ok) by (apply in_cells; lia). reflexivity.
Qed.

(** A convolution is a fully-connected layer: y = M x + b with the masked matrix M. *)
Theorem convolution_is_a_masked_dense_layer : forall x w b o, In o conv_outputs ->
  forward x w b o
  = (sum conv_inputs (fun i => masked_matrix conv_taps conv_T w o i * x i) + b (snd (fst (fst o))))%ring.
Proof.
  intros. rewrite convolution_contracts_T by assumption. f_equal.
  apply (masked_network_is_the_layer conv_outputs _ _ conv_T w x (fun _ => 0%ring) o o).
Qed.

(** M[o, i] is w[t] for the one tap t with (o, t, i) in T, and 0 where there is none: where a connection is
    missing. *)
Theorem masked_matrix_is_the_kernel_on_T : forall (w : Z * Z * Z * Z -> A) o i, In o conv_outputs ->
  (forall t, In t conv_taps -> conv_T o t i = true -> masked_matrix conv_taps conv_T w o i = w t) /\
  ((forall t, In t conv_taps -> conv_T o t i = false) -> masked_matrix conv_taps conv_T w o i = 0%ring).
Proof.
  intros w [[[n k] p] q] [[[n' c'] i] j] H. split.
  - intros [[[k1 c1] r1] s1] H1 E. unfold masked_matrix, conv_taps in *. rewrite !sum_pairs.
    rewrite !in_prod_iff, !in_range in *.
    rewrite <- (sum_pick_in (groups * K) k1 (fun k => w (k, c1, r1, s1))) by lia. apply sum_ext. intros k2 _.
    rewrite <- (sum_pick_in C c1 (fun c => w (k2, c, r1, s1))), <- sum_on by lia. apply sum_ext. intros c2 _.
    rewrite <- (sum_pick_in (kernel h) r1 (fun r => w (k2, c2, r, s1))), <- !sum_on by lia. apply sum_ext.
    intros r2 _.
    rewrite <- (sum_pick_in (kernel v) s1 (fun s => w (k2, c2, r2, s))), <- !sum_on by lia. apply sum_ext.
    intros s2 _.
    rewrite <- !on_and. f_equal. unfold conv_T, meet, cell in *. rewrite !andb_true_iff, !Z.eqb_eq in E.
    apply eq_true_iff_eq.
    rewrite !andb_true_iff, !Z.eqb_eq. destruct rows_ok as (?&?&?&?&?&?), columns_ok as (?&?&?&?&?&?).
    destruct E as [[[-> ->] ->] [-> ->]]. split; intros; repeat split; try nia.
  - intros Z. apply sum_zero. intros t Ht. rewrite Z by assumption. reflexivity.
Qed.
End Convolution.
