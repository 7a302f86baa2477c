(** Commutative rings, finite sums, and loops: what all other files compute with. *)
From Coq Require Import ZArith Bool Lia List Ring Ring_theory.
Import ListNotations.
Open Scope Z_scope.

(** Numbers of any kind with + - * and the usual laws: integers, rationals, polynomials, remainders, ... *)
Record commutative_ring := Commutative_ring {
  carrier :> Type;
  zero : carrier; one : carrier;
  add : carrier -> carrier -> carrier; mul : carrier -> carrier -> carrier;
  sub : carrier -> carrier -> carrier; opp : carrier -> carrier;
  laws : ring_theory zero one add mul sub opp (@eq carrier)
}.
Arguments zero {_}. Arguments one {_}. Arguments add {_}. Arguments mul {_}. Arguments sub {_}.
Arguments opp {_}.
Declare Scope ring_scope. Delimit Scope ring_scope with ring. Bind Scope ring_scope with carrier.
Infix "+" := add : ring_scope. Infix "-" := sub : ring_scope. Infix "*" := mul : ring_scope.
Notation "0" := zero : ring_scope. Notation "1" := one : ring_scope.

(** [sum l f] is the sum of f i over the list l of indices; [dot l a b] the sum of a i * b i. *)
Definition sum {A : commutative_ring} {I : Type} (l : list I) (f : I -> A) : A := fold_right
  (fun i s => f i + s)%ring 0%ring l.
Definition dot {A : commutative_ring} {I : Type} (l : list I) (a b : I -> A) : A := sum l
  (fun i => a i * b i)%ring.

(** [on c x] is x where the condition holds, and 0 elsewhere. *)
Definition on {A : commutative_ring} (c : bool) (x : A) : A := if c then x else 0%ring.

(** The indices 0, 1, ..., n - 1; and all pairs, the second running faster. *)
Definition range (n : Z) : list Z := map Z.of_nat (seq 0 (Z.to_nat n)).
Infix "**" := (@list_prod _ _) (at level 40, left associativity).

(** [for t in l: state = body(t, state)] *)
Definition loop {T S : Type} (l : list T) (body : T -> S -> S) (init : S) : S := fold_left
  (fun s t => body t s) l init.

Section Sums.
Context {A : commutative_ring}.
Add Ring A_ring : (laws A).

Lemma sum_ext {I} : forall (l : list I) (f g : I -> A), (forall i, In i l -> f i = g i) -> sum l f = sum l g.
Proof.
  unfold sum. induction l as [|i l IH]; cbn; intros f g H; [reflexivity|]. rewrite (H i) by auto. f_equal.
  apply IH. auto.
Qed.
Lemma sum_zero {I} : forall (l : list I) (f : I -> A), (forall i, In i l -> f i = 0%ring) -> sum l f
  = 0%ring.
Proof. unfold sum. induction l as [|i l IH]; cbn; intros f H; [reflexivity|]. rewrite (H i), IH by auto.
ring. Qed.
Lemma sum_add {I} : forall (l : list I) (f g : I -> A), sum l (fun i => f i + g i)%ring
  = (sum l f + sum l g)%ring.
Proof. unfold sum. induction l as [|i l IH]; intros; cbn; [ring|]. rewrite IH. ring. Qed.
Lemma sum_left {I} : forall (l : list I) a (f : I -> A), sum l (fun i => a * f i)%ring = (a * sum l f)%ring.
Proof. unfold sum. induction l as [|i l IH]; intros; cbn; [ring|]. rewrite IH. ring. Qed.
Lemma sum_right {I} : forall (l : list I) a (f : I -> A), sum l (fun i => f i * a)%ring = (sum l f * a)%ring.
Proof. unfold sum. induction l as [|i l IH]; intros; cbn; [ring|]. rewrite IH. ring. Qed.
Lemma sum_on {I} : forall (l : list I) c (f : I -> A), sum l (fun i => on c (f i)) = on c (sum l f).
Proof. intros. destruct c; [reflexivity|]. apply sum_zero. reflexivity. Qed.
Lemma sum_swap {I J} : forall (l : list I) (m : list J) (f : I -> J -> A),
  sum l (fun i => sum m (fun j => f i j)) = sum m (fun j => sum l (fun i => f i j)).
Proof.
  intros l m f. induction l as [|i l IH].
  - symmetry. apply sum_zero. reflexivity.
  - change (sum (i :: l) (fun i => sum m (fun j => f i j))) with (sum m (fun j => f i j) + sum l
      (fun i => sum m (fun j => f i j)))%ring.
    rewrite IH, <- sum_add. reflexivity.
Qed.
Lemma sum_app {I} : forall (l m : list I) (f : I -> A), sum (l ++ m) f = (sum l f + sum m f)%ring.
Proof. unfold sum. induction l as [|i l IH]; intros; cbn; [ring|]. rewrite IH. ring. Qed.
Lemma sum_of_one {I} : forall (i : I) (f : I -> A), sum [i] f = f i.
Proof. intros. unfold sum. cbn. ring. Qed.
Lemma sum_map {I J} : forall (g : I -> J) l (f : J -> A), sum (map g l) f = sum l (fun i => f (g i)).
Proof. unfold sum. induction l as [|i l IH]; intros; cbn; [reflexivity|]. rewrite IH. reflexivity. Qed.
Lemma sum_pairs {I J} : forall (l : list I) (m : list J) (f : I * J -> A),
  sum (l ** m) f = sum l (fun i => sum m (fun j => f (i, j))).
Proof.
  induction l as [|i l IH]; intros; [reflexivity|]. cbn [list_prod]. rewrite sum_app, sum_map, IH.
  reflexivity.
Qed.

Lemma on_and : forall c d (x : A), on (c && d) x = on c (on d x).
Proof. intros [] d x; reflexivity. Qed.
Lemma on_left : forall c (x y : A), on c (x * y)%ring = (on c x * y)%ring.
Proof. intros [] x y; cbn; ring. Qed.
Lemma on_right : forall c (x y : A), on c (x * y)%ring = (x * on c y)%ring.
Proof. intros [] x y; cbn; ring. Qed.

Lemma in_range : forall n i, In i (range n) <-> 0 <= i < n.
Proof.
  intros n i. unfold range. rewrite in_map_iff. split.
  - intros (m & <- & H). apply in_seq in H. lia.
  - intros H. exists (Z.to_nat i). rewrite in_seq. lia.
Qed.
Lemma range_next : forall n, 0 <= n -> range (n + 1) = range n ++ [n].
Proof.
  intros n H. unfold range. replace (Z.to_nat (n + 1)) with (S (Z.to_nat n)) by lia.
  rewrite seq_S, map_app. cbn. rewrite Z2Nat.id by lia. reflexivity.
Qed.
Lemma range_empty : forall n, n <= 0 -> range n = [].
Proof. intros n H. unfold range. replace (Z.to_nat n) with 0%nat by lia. reflexivity. Qed.

(** To prove something of every range, prove it for the empty one and for one more. *)
Lemma range_induction (P : Z -> list Z -> Prop) :
  P 0 [] -> (forall n, 0 <= n -> P n (range n) -> P (n + 1) (range n ++ [n])) ->
  forall n, 0 <= n -> P n (range n).
Proof.
  intros H0 Hn. apply natlike_ind; [rewrite range_empty by lia; assumption|].
  intros n Hpos IH. rewrite <- Z.add_1_r, range_next by assumption. auto.
Qed.

(** Of a sum in which one index alone counts, one term is left. *)
Lemma sum_pick : forall n a (f : Z -> A), sum (range n) (fun i => on (i =? a) (f i))
  = on ((0 <=? a) && (a <? n)) (f a).
Proof.
  intros n a f. destruct (Z.lt_ge_cases n 0) as [N|N].
  { rewrite range_empty by lia. destruct (Z.leb_spec 0 a), (Z.ltb_spec a n); try lia; reflexivity. }
  revert n N. apply (range_induction (fun n l => sum l (fun i => on (i =? a) (f i))
    = on ((0 <=? a) && (a <? n)) (f a))).
  - destruct (Z.leb_spec 0 a), (Z.ltb_spec a 0); try lia; reflexivity.
  - intros n N IH. rewrite sum_app, IH. cbn [sum fold_right].
    destruct (Z.eqb_spec n a), (Z.leb_spec 0 a), (Z.ltb_spec a n), (Z.ltb_spec a (n + 1)); try lia; subst;
      cbn; ring.
Qed.
Lemma sum_pick_in : forall n a (f : Z -> A), 0 <= a < n -> sum (range n) (fun i => on (i =? a) (f i)) = f a.
Proof. intros. rewrite sum_pick. destruct (Z.leb_spec 0 a), (Z.ltb_spec a n); try lia; reflexivity. Qed.

(** A sum may run backwards. *)
Lemma sum_reverse : forall n (f : Z -> A), sum (range n) f = sum (range n) (fun i => f (n - 1 - i)).
Proof.
  intros n f. transitivity (sum (range n) (fun i => sum (range n) (fun j => on (i =? n - 1 - j) (f i)))).
  - apply sum_ext. intros i Hi. apply in_range in Hi. symmetry.
    transitivity (sum (range n) (fun j => on (j =? n - 1 - i) (f i))); [|apply (sum_pick_in n _
      (fun _ => f i)); lia].
    apply sum_ext. intros j _. destruct (Z.eqb_spec j (n - 1 - i)), (Z.eqb_spec i (n - 1 - j));
      lia || reflexivity.
  - rewrite sum_swap. apply sum_ext. intros j Hj. apply in_range in Hj. apply sum_pick_in. lia.
Qed.

(** A sum over channels is a sum over the channels of each group. *)
Lemma range_split : forall a b, 0 <= a -> 0 <= b -> range (a + b) = range a ++ map
  (fun i => a + i) (range b).
Proof.
  intros a b Ha. revert b. apply (range_induction (fun b l => range (a + b) = range a ++ map
    (fun i => a + i) l)).
  - rewrite Z.add_0_r, app_nil_r. reflexivity.
  - intros b Hb IH. rewrite Z.add_assoc, range_next, IH, map_app, app_assoc by lia. reflexivity.
Qed.
Lemma sum_groups : forall g k (f : Z -> A), 0 <= g -> 0 <= k ->
  sum (range (g * k)) f = sum (range g) (fun i => sum (range k) (fun j => f (i * k + j))).
Proof.
  intros g k f Hg Hk. revert g Hg.
  apply (range_induction (fun g l => sum (range (g * k)) f = sum l (fun i => sum (range k)
    (fun j => f (i * k + j))))).
  - reflexivity.
  - intros g Hg IH. replace ((g + 1) * k) with (g * k + k) by lia.
    rewrite range_split, !sum_app, IH, sum_map, sum_of_one by nia. reflexivity.
Qed.
Lemma sum_group : forall g k a (f : Z -> A), 1 <= k -> 0 <= a < g ->
  sum (range (g * k)) (fun i => on (i / k =? a) (f i)) = sum (range k) (fun j => f (a * k + j)).
Proof.
  intros g k a f Hk Ha. rewrite sum_groups by lia. rewrite <- (sum_pick_in g a (fun i => sum (range k)
    (fun j => f (i * k + j)))) by lia.
  apply sum_ext. intros i _. rewrite <- sum_on. apply sum_ext. intros j Hj. apply in_range in Hj.
  replace ((i * k + j) / k) with i by (apply (Z.div_unique_pos _ _ _ j); lia). reflexivity.
Qed.

(** A loop that adds to each entry adds a sum. *)
Lemma loop_adds {T I} : forall (l : list T) (body : T -> (I -> A) -> I -> A) (term : T -> I -> A),
  (forall t state i, body t state i = state i + term t i)%ring ->
  forall init i, loop l body init i = (init i + sum l (fun t => term t i))%ring.
Proof.
  intros l body term H. unfold loop. induction l as [|t l IH]; intros; cbn; [unfold sum; cbn; ring|].
  rewrite IH, H. unfold sum. cbn. ring.
Qed.
End Sums.
