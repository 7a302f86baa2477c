(** What the derivation counts, for every size: how many outputs a kernel has on an image, how many nodes an
    output depends on, how many outputs a node influences, and how long an unrolled image is. *)
From Coq Require Import ZArith Bool List FinFun Lia.
From cnnbp Require Import Axis Relation Outputs.
Import ListNotations.
Open Scope Z_scope.

(** The whole numbers from [first] on, [count] of them, and the pairs of two such runs: a square of a map. *)
Definition run (first count : Z) : list Z := map (fun j => first + Z.of_nat j) (seq 0 (Z.to_nat count)).
Definition square (top left count : Z) : list (Z * Z) := list_prod (run top count) (run left count).

Lemma in_run : forall first count i, In i (run first count) <-> first <= i < first + count.
Proof.
  intros. unfold run. rewrite in_map_iff. split.
  - intros (j & <- & H). apply in_seq in H. lia.
  - intros. exists (Z.to_nat (i - first)). rewrite in_seq. lia.
Qed.

Lemma once_appended : forall l m : list (Z * Z),
  NoDup l -> NoDup m -> (forall c, In c l -> ~ In c m) -> NoDup (l ++ m).
Proof.
  induction l as [|x l IH]; cbn; intros m L M D; [assumption|]. inversion_clear L. constructor.
  - rewrite in_app_iff. intros [I|I]; [contradiction | exact (D x (or_introl eq_refl) I)].
  - apply IH; auto.
Qed.

Lemma once_paired : forall l m : list Z, NoDup l -> NoDup m -> NoDup (list_prod l m).
Proof.
  induction l as [|x l IH]; intros m L M; [constructor|]. inversion_clear L. cbn.
  apply once_appended; [|auto|].
  - apply Injective_map_NoDup; [intros u v E; congruence | assumption].
  - intros (u, v) P Q. apply in_map_iff in P as (w & E & _). apply in_prod_iff in Q as [Q _]. congruence.
Qed.

Lemma squares : forall top left count, 0 <= count ->
  Z.of_nat (length (square top left count)) = count * count /\ NoDup (square top left count) /\
  forall i j, In (i, j) (square top left count) <-> top <= i < top + count /\ left <= j < left + count.
Proof.
  intros. unfold square. rewrite prod_length. split; [|split].
  - unfold run. rewrite !map_length, !seq_length. nia.
  - apply once_paired; unfold run; apply Injective_map_NoDup; try apply seq_NoDup; intros x y; lia.
  - intros. rewrite in_prod_iff, !in_run. reflexivity.
Qed.

(** An axis of n cells under a kernel of k taps, as the derivation has it: stride 1, no padding. *)
Definition plain (n k : Z) := Axis n k 1 0 1 false 0.

(** Along each axis a kernel of k taps, moved by s over n cells with p of padding on both sides, has
    (n + 2p - k) / s + 1 outputs, rounded down; at stride 1 without padding these are n - k + 1. *)
Theorem outputs_of_a_kernel : forall n k s p, 1 <= k <= n + 2 * p -> 1 <= s ->
  outputs (Axis n k s p 1 false 0) = Some ((n + 2 * p - k) / s + 1) /\ (n - k) / 1 + 1 = n - k + 1.
Proof.
  intros. rewrite Z.div_1_r. split; [|lia]. unfold outputs.
  cbn [size kernel stride padding dilation ceil_mode surplus andb].
  cbv zeta. rewrite Z.gtb_ltb. by_cases; try lia; repeat f_equal; lia.
Qed.

(** An output depends on exactly k * k nodes of a map, those of the k by k square at its place: nine for a
    3 by 3 kernel. *)
Theorem an_output_depends_on_k_by_k : forall n k o q, 1 <= k <= n -> 0 <= o <= n - k -> 0 <= q <= n - k ->
  Z.of_nat (length (square o q k)) = k * k /\ NoDup (square o q k) /\
  forall i j, In (i, j) (square o q k) <-> 0 <= i < n /\ 0 <= j < n /\
    (exists r, 0 <= r < k /\ i = cell (plain n k) r o) /\ (exists r, 0 <= r < k /\ j = cell (plain n k) r q).
Proof.
  intros n k o q K O Q. destruct (squares o q k) as (L & U & M); [lia|].
  split; [assumption|]. split; [assumption|].
  intros i j. rewrite M. unfold cell, plain. cbn [stride dilation padding]. split.
  - intros [I J]. repeat split; try lia; [exists (i - o) | exists (j - q)]; lia.
  - intros (_ & _ & (r & R & ->) & (t & T & ->)). lia.
Qed.

(** A node that is at least k - 1 away from every border influences exactly k * k outputs, one through each
    tap: nine positions for a 3 by 3 kernel. *)
Theorem a_node_influences_k_by_k : forall n k i j, 1 <= k -> k - 1 <= i <= n - k -> k - 1 <= j <= n - k ->
  Z.of_nat (length (square (i - k + 1) (j - k + 1) k)) = k * k /\ NoDup (square (i - k + 1) (j - k + 1) k) /\
  forall o q, In (o, q) (square (i - k + 1) (j - k + 1) k) <-> 0 <= o < n - k + 1 /\ 0 <= q < n - k + 1 /\
    (exists r, 0 <= r < k /\ i = cell (plain n k) r o) /\ (exists r, 0 <= r < k /\ j = cell (plain n k) r q).
Proof.
  intros n k i j K I J. destruct (squares (i - k + 1) (j - k + 1) k) as (L & U & M); [lia|].
  split; [assumption|]. split; [assumption|].
  intros o q. rewrite M. unfold cell, plain. cbn [stride dilation padding]. split.
  - intros [O Q]. repeat split; try lia; [exists (i - o) | exists (j - q)]; lia.
  - intros (O & Q & (r & R & E) & (t & T & F)). split; lia.
Qed.

(** Unrolled row by row, an n by n image is a column of n * n entries: each cell has a place in it, and each
    place is that of one cell and of no other. *)
Theorem an_unrolled_image_has_n_by_n : forall n, 0 <= n ->
  (forall i j, 0 <= i < n -> 0 <= j < n -> 0 <= n * i + j < n * n) /\
  forall u, 0 <= u < n * n -> exists i j, (0 <= i < n /\ 0 <= j < n /\ u = n * i + j) /\
    forall i' j', 0 <= i' < n -> 0 <= j' < n -> u = n * i' + j' -> i' = i /\ j' = j.
Proof.
  intros n N. split.
  { intros i j I J. assert (0 <= n * i) by (apply Z.mul_nonneg_nonneg; lia).
    assert (n * i <= n * (n - 1)) by (apply Z.mul_le_mono_nonneg_l; lia). lia. }
  intros u U. assert (0 < n) by (destruct (Z.eq_dec n 0); [subst; lia | lia]).
  exists (u / n), (u mod n). divided u n. split.
  - split; [|lia]. split; [apply Z.div_pos; lia | apply Z.div_lt_upper_bound; lia].
  - intros i j I J E. assert (i = u / n) by (apply (Z.div_unique_pos _ _ _ j); lia). subst i. lia.
Qed.
