(** The window of an output, read from left to right: Axis.first_inputs and Axis.window_sizes, for pooling. *)
From Coq Require Import ZArith Bool Lia.
From cnnbp Require Import Axis Relation.
Open Scope Z_scope.

Section Window.
Variable a : axis.
Hypothesis ok : sensible a.
Variable o : Z.
Notation n := (size a). Notation k := (kernel a). Notation s := (stride a). Notation p := (padding a).

(** The first input of a window is the first one that any of its taps meets; there is none only where the
    window is padding. *)
Theorem first_input_is_the_first_one_met :
  match first_inputs a o with
  | Some i => 0 <= i < n /\ (exists r, 0 <= r < k /\ i = cell a r o) /\ forall r, 0 <= r < k ->
    0 <= cell a r o -> i <= cell a r o
  | None => forall r, 0 <= r < k -> ~ 0 <= cell a r o < n
  end.
Proof.
  destruct ok as (?&?&?&?&?&?). unfold first_inputs, cell. cbv zeta. rewrite !Z.geb_leb.
  set (b := s * o - p). set (t := if b <? 0 then _ else 0).
  assert (T : 0 <= t /\ 0 <= b + dilation a * t /\ (0 < t -> b + dilation a * (t - 1) < 0)).
  { unfold t. divided b (dilation a). destruct (Z.ltb_spec b 0); nia. }
  assert (Least : forall r, 0 <= r -> 0 <= b + dilation a * r -> t <= r).
  { intros r Hr Hb. destruct (Z.le_gt_cases t r); [assumption|]. assert (b + dilation a * r < 0) by nia.
    lia. }
  destruct (Z.leb_spec n (b + dilation a * t)), (Z.leb_spec k t); cbn [orb].
  - intros r Hr C. pose proof (Least r). lia.
  - intros r Hr C. pose proof (Least r). assert (t <= r) by lia. nia.
  - intros r Hr C. pose proof (Least r). lia.
  - split; [lia|]. split; [exists t; lia|]. intros r Hr C. pose proof (Least r). assert (t <= r) by lia. nia.
Qed.

(** How many taps of a window satisfy a condition. *)
Fixpoint count (m : nat) (condition : Z -> bool) : Z :=
  match m with O => 0 | S m' => count m' condition + (if condition (Z.of_nat m') then 1 else 0) end.

Lemma count_between : forall m b low high,
  count m (fun r => (low <=? b + r) && (b + r <? high)) = Z.max 0 (Z.min (b + Z.of_nat m) high - Z.max b
    low).
Proof.
  induction m; intros; cbn [count]; [lia|]. rewrite IHm, Nat2Z.inj_succ. by_cases; cbn [andb]; lia.
Qed.

(** The divisor of a mean is the number of taps that meet an input, or one of the padded input if padding is
    counted too. *)
Theorem window_size_counts_cells : forall padded, dilation a = 1 -> 0 <= window_sizes a o padded ->
  let border := if padded then p else 0 in
  window_sizes a o padded
  = count (Z.to_nat k) (fun r => (- border <=? cell a r o) && (cell a r o <? n + border)).
Proof.
  destruct ok as (?&?&?&?&?&?). intros padded D. unfold window_sizes, cell. rewrite D. set (b := s * o - p).
  assert (E : forall low high, count (Z.to_nat k) (fun r => (low <=? s * o + 1 * r - p) && (s * o + 1 * r -
    p <? high))
    = Z.max 0 (Z.min (b + k) high - Z.max b low)).
  { intros. replace k with (Z.of_nat (Z.to_nat k)) at 2 by lia. rewrite <- count_between.
    induction (Z.to_nat k) as [|m IH]; cbn [count]; [reflexivity|]. rewrite IH.
    replace (s * o + 1 * Z.of_nat m - p) with (b + Z.of_nat m) by (unfold b; lia). reflexivity. }
  destruct padded; cbv zeta iota; intros; rewrite E; lia.
Qed.

(** No mean is divided by 0, or by less: every window of a pooling sees an input. *)
Theorem window_size_is_positive : forall m padded, dilation a = 1 -> surplus a = 0 -> 1 <= n -> 2 * p <= k ->
  outputs a = Some m -> 0 <= o < m -> 0 < window_sizes a o padded.
Proof.
  destruct ok as (?&?&?&?&?&?). intros m padded D U Hn Hp. unfold outputs, window_sizes. cbv zeta.
  rewrite D, U, !Z.gtb_ltb. set (f := n - 0 + 2 * p - (1 * (k - 1) + 1)). intros E Ho.
  assert (F : 0 <= f /\ s * o - p < n).
  { revert E. divided f s. destruct (Z.ltb_spec (n - 0 + 2 * p) (1 * (k - 1) + 1)); [discriminate|].
    intros E. apply some_equal in E. split; [lia|]. destruct (Z.le_gt_cases o (f / s)) as [L|G]; [nia|].
    revert E. destruct (Z.ltb_spec (s * (f / s + 1) - p) n); rewrite ?andb_false_r; intros; [|lia].
    assert (o <= f / s + 1) by (destruct (_ && _); lia). nia. }
  assert (0 <= s * o) by nia. destruct padded; lia.
Qed.
End Window.
