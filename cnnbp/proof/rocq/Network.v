(** A network of any depth, each of whose layers is a contraction of a relation T and an activation
    function: fully connected, convolutional, pooling, with missing connections, with shared weights and
    biases. Layer 0 is the input. *)
From Coq Require Import ZArith Bool List Ring Lia.
From cnnbp Require Import Sums Contraction Calculus.

Section Network.
Context {A : commutative_ring} (D : calculus A).
Add Ring A_ring : (laws A).
Variables U W V : Type.                                (* units, weights, biases *)
Variable depth : nat.
Variables (units : nat -> list U) (weights : nat -> list W) (biases : nat -> list V).
Variable T : nat -> U -> W -> U -> bool.               (* T l o t i: from unit i of layer l to o of l + 1 *)
Variable B : nat -> U -> V -> bool.                    (* bias v is added at unit o *)

(** The forward pass on numbers of any kind: z of layer l + 1 from the activations of layer l; a = f(z). *)
Definition net_input {R : commutative_ring} (w : nat -> W -> R) (b : nat -> V -> R) (l : nat)
    (a : U -> R) (o : U) : R :=
  (contract_forward (weights l) (units l) (T l) (w l) a o
   + sum (biases l) (fun v => on (B l o v) (b l v)))%ring.
Fixpoint activation {R : commutative_ring} (f : nat -> R -> R) w b (x : U -> R) (l : nat) : U -> R :=
  match l with O => x | S l => fun o => f (S l) (net_input w b l (activation f w b x l) o) end.

(** The network, and curves through all that can move: weights with slopes u, biases with slopes e, inputs
    with slopes g. *)
Variables (f : nat -> A -> A) (w : nat -> W -> A) (b : nat -> V -> A) (x : U -> A).
Variables (F : nat -> curve D -> curve D) (ws : nat -> W -> curve D) (bs : nat -> V -> curve D).
Variable xs : U -> curve D.
Variables (u : nat -> W -> A) (e : nat -> V -> A) (g : U -> A).
Notation a := (activation f w b x).
Notation z l := (net_input w b (l - 1) (a (l - 1))).

(** f' of each layer, by the chain rule at each net input of this network. *)
Variable slope : nat -> A -> A.
Hypothesis activations_follow : forall l o, (l < depth)%nat -> In o (units (S l)) ->
  let z := net_input w b l (a l) o in follows D (F (S l)) (f (S l)) (slope (S l) z) z.
Hypothesis weights_pass : forall l t, In t (weights l) -> passes D (ws l t) (w l t) (u l t).
Hypothesis biases_pass : forall l v, In v (biases l) -> passes D (bs l v) (b l v) (e l v).
Hypothesis inputs_pass : forall i, In i (units 0) -> passes D (xs i) (x i) (g i).

(** The cost: a function of the last activations, with its derivative by each of them. *)
Variables (cost : (U -> A) -> A) (costs : (U -> curve D) -> curve D) (dcost : U -> A).
Hypothesis cost_follows : forall ys g, (forall i, In i (units depth) -> passes D (ys i) (a depth i) (g i)) ->
  passes D (costs ys) (cost (a depth)) (dot (units depth) dcost g).

(** delta, from the last layer down: the rule of the derivation. *)
Variable delta : nat -> U -> A.
Hypothesis delta_output : forall o, In o (units depth) ->
  delta depth o = (dcost o * slope depth (z depth o))%ring.
Hypothesis delta_hidden : forall l i, (0 < l < depth)%nat -> In i (units l) ->
  delta l i = (contract_input (units (S l)) (weights l) (T l) (w l) (delta (S l)) i * slope l (z l i))%ring.

(** The gradients that the algorithm uses: of the weights and biases between layers l and l + 1, and of the
    input. *)
Definition dw l : W -> A := contract_weight (units (S l)) (units l) (T l) (delta (S l)) (a l).
Definition db l v : A := sum (units (S l)) (fun o => on (B l o v) (delta (S l) o)).
Definition dx : U -> A := contract_input (units 1) (weights 0) (T 0) (w 0%nat) (delta 1%nat).
Definition gained l : A := (dot (weights l) (dw l) (u l) + dot (biases l) (db l) (e l))%ring.

(** The slopes with which net inputs and activations move: the derivative from the input to the output. *)
Fixpoint moved l : U -> A := match l with
  | O => g
  | S l => fun o => (slope (S l) (net_input w b l (a l) o)
      * (contract_forward (weights l) (units l) (T l) (w l) (moved l) o + net_input u e l (a l) o))%ring
  end.
Notation net_moved l o := (contract_forward (weights l) (units l) (T l) (w l) (moved l) o
  + net_input u e l (a l) o)%ring.

Lemma net_inputs_pass : forall l o, (forall i, In i (units l) ->
  passes D (activation F ws bs xs l i) (a l i) (moved l i)) ->
  passes D (net_input ws bs l (activation F ws bs xs l) o) (net_input w b l (a l) o) (net_moved l o).
Proof.
  intros l o H. unfold net_input.
  eapply passes_with; [apply sums_pass|reflexivity|].
  - apply finite_sums_pass with (s := fun t => sum (units l) (fun i => on (T l o t i) (w l t * moved l i + u
      l t * a l i)%ring)).
    intros t Ht. apply finite_sums_pass. intros i Hi. apply conditions_pass, products_pass; auto.
  - apply finite_sums_pass with (s := fun v => on (B l o v) (e l v)). intros v Hv. apply conditions_pass.
    auto.
  - enough (E : sum (weights l) (fun t => sum (units l) (fun i => on (T l o t i) (w l t * moved l i + u l t
      * a l i)%ring))
      = (contract_forward (weights l) (units l) (T l) (w l) (moved l) o
         + contract_forward (weights l) (units l) (T l) (u l) (a l) o)%ring) by (rewrite E; ring).
    unfold contract_forward. rewrite <- sum_add. apply sum_ext. intros t _. rewrite <- sum_add.
    apply sum_ext. intros i _.
    destruct (T l o t i); cbn [on]; ring.
Qed.

Lemma activations_pass : forall l, (l <= depth)%nat -> forall o, In o (units l) ->
  passes D (activation F ws bs xs l o) (a l o) (moved l o).
Proof.
  induction l as [|l IH]; intros L o Ho; [apply inputs_pass; assumption|].
  apply activations_follow; [lia|assumption|]. apply net_inputs_pass. apply IH. lia.
Qed.

(** From one layer to the one below: what moves the net inputs is what the layer's own parameters gain, and
    what comes up. *)
Lemma one_layer_down : forall l, (l < depth)%nat -> dot (units (S l)) (delta (S l)) (fun o => net_moved l o)
  = (gained l + match l with
      O => dot (units 0) dx g | S k => dot (units l) (delta l) (fun i => net_moved k i) end)%ring.
Proof.
  intros l L. transitivity (gained l + dot (units l) (contract_input (units (S l)) (weights l) (T l) (w l)
    (delta (S l))) (moved l))%ring.
  - unfold net_input, gained. rewrite !dot_grows.
    rewrite (dot_commutes _ (delta (S l)) (contract_forward _ _ _ _ (moved l))), forward_against_input.
    rewrite (dot_commutes _ (delta (S l)) (contract_forward _ _ _ (u l) _)), forward_against_weight.
    fold (dw l).
    enough (E : dot (units (S l)) (delta (S l)) (fun o => sum (biases l) (fun v => on (B l o v) (e l v)))
      = dot (biases l) (db l) (e l)) by (rewrite E; ring).
    unfold dot, db. transitivity (sum (units (S l)) (fun o => sum (biases l)
      (fun v => on (B l o v) (delta (S l) o * e l v)%ring))).
    + apply sum_ext. intros o _. rewrite <- sum_left. apply sum_ext. intros v _. apply eq_sym, on_right.
    + rewrite sum_swap. apply sum_ext. intros v _. rewrite <- sum_right. apply sum_ext. intros o _.
      apply on_left.
  - f_equal. destruct l as [|k]; [reflexivity|]. apply sum_ext. intros i Hi.
    rewrite (delta_hidden (S k) i) by (auto; lia).
    cbn [moved]. replace (S k - 1)%nat with k by lia. ring.
Qed.

Lemma all_layers_down : forall l, (l < depth)%nat -> dot (units (S l)) (delta (S l)) (fun o => net_moved l o)
  = (sum (seq 0 (S l)) gained + dot (units 0) dx g)%ring.
Proof.
  induction l as [|l IH]; intros L; rewrite one_layer_down by assumption.
  - unfold sum. cbn. ring.
  - rewrite IH, (seq_S (S l)), sum_app, sum_of_one by lia. cbn [Nat.add]. ring.
Qed.

(** Whatever moves (all weights, biases and inputs at once, along any curves), the slope of the cost is the
    sum of each parameter's gradient by the recursion times its own slope: the recursion gives the gradient
    of the cost by each weight, each bias and each input of each layer, for any depth, any widths, missing
    connections and shared weights. *)
Theorem backpropagation_is_the_gradient : (0 < depth)%nat ->
  passes D (costs (activation F ws bs xs depth)) (cost (a depth))
    (sum (seq 0 depth) gained + dot (units 0) dx g)%ring.
Proof.
  intros L. eapply passes_with; [apply cost_follows with (g := moved depth)|reflexivity|].
  - intros i Hi. apply activations_pass; auto.
  - assert (E : S (depth - 1) = depth) by lia. pose proof (all_layers_down (depth - 1)) as Q. rewrite E in Q.
    rewrite <- Q by lia. apply sum_ext. intros o Ho. rewrite delta_output by assumption.
    replace (moved depth o) with (moved (S (depth - 1)) o) by (now rewrite E). cbn [moved]. rewrite E. ring.
Qed.
End Network.
