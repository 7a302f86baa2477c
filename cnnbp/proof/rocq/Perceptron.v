(** The multi-layer perceptron of the derivation: fully connected, any depth, any widths, any activation
    with a slope. It is the network of Network.v whose relation joins each unit i of layer l to each unit o
    of layer l + 1 by its own w(o, i). *)
From Coq Require Import ZArith Bool List Ring Lia.
From cnnbp Require Import Sums Contraction Calculus Network.
Open Scope Z_scope.

Section Forward.
Context {R : commutative_ring}.
Variable width : nat -> Z.         (* of each layer; layer 0 is the input, layer depth the output *)

(** z_o = sum over i of w_(o,i) a_i, plus b_o, in layer l + 1; a = f(z). *)
Definition affine (w : nat -> Z * Z -> R) (b : nat -> Z -> R) (l : nat) (a : Z -> R) (o : Z) : R :=
  (sum (range (width l)) (fun i => w l (o, i) * a i) + b l o)%ring.
Fixpoint mlp (f : nat -> R -> R) w b (x : Z -> R) (l : nat) : Z -> R :=
  match l with O => x | S l => fun o => f (S l) (affine w b l (mlp f w b x l) o) end.

(** The cost of a sample: half the squared distance between output and target. *)
Definition half_squares (half : R) (y : Z -> R) (n : Z) (a : Z -> R) : R :=
  (half * sum (range n) (fun o => (a o - y o) * (a o - y o)))%ring.
End Forward.

Section Perceptron.
Context {A : commutative_ring} (D : calculus A).
Add Ring A_ring : (laws A).
Variables (depth : nat) (width : nat -> Z).
Variables (f : nat -> A -> A) (w : nat -> Z * Z -> A) (b : nat -> Z -> A) (x y : Z -> A) (half : A).
Hypothesis half_is_half : (half + half = 1)%ring.
Notation a := (mlp width f w b x).
Notation z l := (affine width w b (l - 1) (a (l - 1))).

(** f' at each net input, by the chain rule; curves through all weights and biases, with slopes u and e. *)
Variables (F : nat -> curve D -> curve D) (slope : nat -> A -> A).
Hypothesis activations_follow : forall l o, (0 < l <= depth)%nat -> 0 <= o < width l ->
  follows D (F l) (f l) (slope l (z l o)) (z l o).
Variables (ws : nat -> Z * Z -> curve D) (bs : nat -> Z -> curve D) (u : nat -> Z * Z -> A).
Variable e : nat -> Z -> A.
Hypothesis weights_pass : forall l t, passes D (ws l t) (w l t) (u l t).
Hypothesis biases_pass : forall l o, passes D (bs l o) (b l o) (e l o).

(** The rule of the derivation: delta of the output layer, and of each hidden layer from the one above it. *)
Variable delta : nat -> Z -> A.
Hypothesis delta_output : forall i, 0 <= i < width depth ->
  delta depth i = ((a depth i - y i) * slope depth (z depth i))%ring.
Hypothesis delta_hidden : forall l i, (0 < l < depth)%nat -> 0 <= i < width l ->
  delta l i = (sum (range (width (S l))) (fun k => delta (S l) k * w l (k, i)) * slope l (z l i))%ring.

Definition units l := range (width l).
Definition weights l := range (width (S l)) ** range (width l).
Definition biases l := range (width (S l)).
Definition joins (l : nat) (o : Z) (t : Z * Z) (i : Z) := (fst t =? o) && (snd t =? i).
Definition own (l : nat) (o v : Z) := v =? o.

Lemma dense_net_input {R : commutative_ring} : forall (w : nat -> Z * Z -> R) b l a a' o,
  In o (units (S l)) -> (forall i, In i (units l) -> a i = a' i) ->
  net_input Z (Z * Z) Z units weights biases joins own w b l a o = affine width w b l a' o.
Proof.
  intros w' b' l a1 a2 o Ho E. unfold net_input, affine, contract_forward, weights, joins, biases, own,
    units in *. apply in_range in Ho. f_equal.
  - rewrite sum_pairs. cbn [fst snd].
    rewrite <- (sum_pick_in (width (S l)) o (fun o => sum (range (width l)) (fun i => w' l
      (o, i) * a2 i)%ring)) by assumption.
    apply sum_ext. intros o' _. rewrite <- sum_on. apply sum_ext. intros i Hi. apply in_range in Hi.
    rewrite <- (E i) by (now apply in_range). rewrite <- (sum_pick_in (width l) i (fun j => w' l
      (o', i) * a1 j)%ring), <- sum_on by assumption.
    apply sum_ext. intros j _. rewrite on_and, (Z.eqb_sym i j). reflexivity.
  - apply sum_pick_in. assumption.
Qed.

Lemma dense_activation {R : commutative_ring} : forall f (w : nat -> Z * Z -> R) b x l o, In o (units l) ->
  activation Z (Z * Z) Z units weights biases joins own f w b x l o = mlp width f w b x l o.
Proof.
  induction l as [|l IH]; intros o Ho; [reflexivity|]. cbn [activation mlp]. f_equal.
  now apply dense_net_input.
Qed.

Lemma half_squares_pass : forall ys g, (forall o, In o (units depth) -> passes D (ys o) (a depth o) (g o)) ->
  passes D (half_squares (constant D half) (fun o => constant D (y o)) (width depth) ys)
    (half_squares half y (width depth) (a depth))
    (dot (units depth) (fun o => a depth o - y o)%ring g).
Proof.
  intros ys g H. unfold half_squares. eapply passes_with; [apply products_pass;
    [apply constants_pass|]|reflexivity|].
  - apply finite_sums_pass with (s := fun o => ((a depth o - y o) * (g o - 0) + (g o - 0) * (a depth o - y
      o))%ring). intros o Ho.
    apply products_pass; apply differences_pass; auto using constants_pass.
  - unfold dot. transitivity (half * sum (units depth) (fun o => (a depth o - y o) * g o + (a depth o - y o)
      * g o))%ring.
    + unfold units. rewrite (sum_ext _ _ (fun o => (a depth o - y o) * g o + (a depth o - y o) * g o)%ring)
        by (intros; ring). ring.
    + rewrite sum_add. set (s := sum _ _). transitivity ((half + half) * s)%ring; [ring|].
      rewrite half_is_half. ring.
Qed.

(** delta_hidden is right for every depth and all widths: the slope of the cost J, whatever moves, is the
    sum over all layers of delta_o a_i for each weight w_(o,i) and delta_o for each bias b_o, times their
    own slopes. *)
Theorem delta_hidden_any_depth : (0 < depth)%nat ->
  passes D
    (half_squares (constant D half) (fun o => constant D (y o)) (width depth)
      (mlp width F ws bs (fun i => constant D (x i)) depth))
    (half_squares half y (width depth) (a depth))
    (sum (seq 0 depth) (fun l => sum (range (width (S l))) (fun o =>
      sum (range (width l)) (fun i => (delta (S l) o * a l i) * u l (o, i)) + delta (S l) o * e l o)))%ring.
Proof.
  intros L. assert (E : forall (R : commutative_ring) h t n (v v' : Z -> R),
    (forall o, In o (range n) -> v o = v' o) -> half_squares h t n v = half_squares h t n v').
  { intros R h t n v v' H. unfold half_squares. f_equal. apply sum_ext. intros o Ho. now rewrite H. }
  rewrite <- (E _ _ _ _ (activation Z (Z * Z) Z units weights biases joins own F ws bs
    (fun i => constant D (x i)) depth))
    by (intros; now apply dense_activation).
  eapply passes_with; [eapply (backpropagation_is_the_gradient D Z (Z * Z) Z depth units weights biases
    joins own f w b x F ws bs
    (fun i => constant D (x i)) u e (fun _ => 0%ring) slope) with (dcost :=
      fun o => (a depth o - y o)%ring) (delta := delta)
    (cost := half_squares half y (width depth))| |].
  - intros l o Hl Ho. cbv zeta. rewrite (dense_net_input _ _ _ _ (a l)) by (auto using dense_activation).
    apply in_range in Ho. specialize (activations_follow (S l) o).
    replace (S l - 1)%nat with l in activations_follow by lia.
    apply activations_follow; [lia|assumption].
  - auto.
  - auto.
  - intros. apply constants_pass.
  - intros ys g H. rewrite (E _ _ _ _ _ (a depth)) by (intros; now apply dense_activation).
    apply half_squares_pass.
    intros o Ho. rewrite <- dense_activation by assumption. auto.
  - intros o Ho. rewrite delta_output by (now apply in_range). f_equal. f_equal.
    symmetry. apply dense_net_input; [|intros; now apply dense_activation].
    replace (S (depth - 1)) with depth by lia. assumption.
  - intros l i Hl Hi. pose proof Hi as Hi'. apply in_range in Hi'. rewrite delta_hidden by assumption.
    f_equal.
    + unfold contract_input, weights, joins. apply sum_ext. intros o Ho. rewrite sum_pairs. cbn [fst snd].
      apply in_range in Ho.
      rewrite <- (sum_pick_in (width (S l)) o (fun k => delta (S l) o * w l (k, i))%ring) by assumption.
      apply sum_ext. intros k _. rewrite <- (sum_pick_in (width l) i (fun j => delta (S l) o * w l
        (k, j))%ring), <- sum_on by assumption.
      apply sum_ext. intros j _. rewrite on_and. destruct (k =? o), (j =? i); cbn [on]; ring.
    + f_equal. symmetry. apply dense_net_input; [|intros; now apply dense_activation].
      replace (S (l - 1)) with l by lia. assumption.
  - assumption.
  - apply E. intros. now apply dense_activation.
  - replace (dot (units 0) _ (fun _ => 0%ring)) with (0%ring : A) by (symmetry; apply sum_zero; intros;
      ring).
    match goal with |- (?s + 0 = ?s')%ring => enough (s = s') as -> by ring end.
    apply sum_ext. intros l _. rewrite sum_add. unfold gained. f_equal.
    + unfold dot, weights. rewrite sum_pairs. apply sum_ext. intros o Ho. apply in_range in Ho.
      apply sum_ext. intros i Hi. apply in_range in Hi. f_equal.
      unfold dw, contract_weight, joins. cbn [fst snd].
      rewrite <- (sum_pick_in (width (S l)) o (fun o => delta (S l) o * a l i)%ring) by assumption.
      apply sum_ext. intros o' _. rewrite (Z.eqb_sym o o'), <- (sum_pick_in (width l) i
        (fun i => delta (S l) o' * a l i)%ring), <- sum_on by assumption.
      apply sum_ext. intros i' Hi'. rewrite on_and, (Z.eqb_sym i i'), dense_activation by assumption.
      reflexivity.
    + apply sum_ext. intros o Ho. apply in_range in Ho. f_equal. unfold db, own.
      rewrite <- (sum_pick_in (width (S l)) o (delta (S l))) by assumption.
      apply sum_ext. intros o' _. now rewrite Z.eqb_sym.
Qed.
End Perceptron.
