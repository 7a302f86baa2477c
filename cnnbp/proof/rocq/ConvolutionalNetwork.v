(** A convolution is a layer of the networks of Network.v: a CNN is a fully-connected network whose missing
    connections are 0 and whose weights are shared, and the recursion gives its gradients too. *)
From Coq Require Import ZArith Bool Lia List Ring.
From cnnbp Require Import Axis Relation Outputs Tap Sums Line Plane Contraction Convolution Calculus Network.
Open Scope Z_scope.

Section ConvolutionalLayer.
Context {A : commutative_ring}.
Variables h v : axis.
Hypothesis (rows_ok : sensible h) (columns_ok : sensible v).
Variables groups K C : Z.
Hypothesis (groups_ok : 1 <= groups) (K_ok : 1 <= K) (C_ok : 1 <= C).

(** Cells, taps and channels are indexed as in Convolution.v, for one sample. *)
Notation index := (Z * Z * Z * Z)%type.
Variables (units weights : nat -> list index) (biases : nat -> list Z).
Variables (T : nat -> index -> index -> index -> bool) (B : nat -> index -> Z -> bool).
Definition channel (o : index) : Z := snd (fst (fst o)).
Definition is_convolution (l : nat) :=
  units l = conv_inputs h v 1 groups C /\ units (S l) = conv_outputs h v 1 groups K /\
  weights l = conv_taps h v groups K C /\ biases l = range (groups * K) /\
  T l = conv_T h v K C /\ B l = (fun o k => k =? channel o).

(** In a layer of a network that is a convolution, the net input is Conv2d's forward, and the gradients of
    the recursion by kernel, bias and input are what Conv2d's backward computes from the layer's residual. *)
Theorem convolution_is_a_layer_of_a_network :
  forall l (w : nat -> index -> A) (b : nat -> Z -> A) (a delta : index -> A), is_convolution l ->
  (forall o, In o (units (S l)) ->
    net_input index index Z units weights biases T B w b l a o = forward h v K C a (w l) (b l) o) /\
  (forall t, In t (weights l) ->
    contract_weight (units (S l)) (units l) (T l) delta a t = Convolution.dw h v 1 K C delta a t) /\
  (forall k, In k (biases l) ->
    sum (units (S l)) (fun o => on (B l o k) (delta o)) = Convolution.db h v 1 delta k) /\
  (forall i, In i (units l) ->
    contract_input (units (S l)) (weights l) (T l) (w l) delta i = Convolution.dx h v K C delta (w l) i).
Proof.
  intros l w b a delta H. unfold net_input. destruct H as (-> & -> & -> & -> & -> & ->). repeat split.
  - intros o Ho. rewrite (convolution_contracts_T h v rows_ok columns_ok 1 groups K C) by assumption.
    f_equal. apply sum_pick_in. destruct o as [[[n k] p] q]. unfold conv_outputs in Ho.
    rewrite !in_prod_iff, !in_range in Ho.
    unfold channel. cbn [fst snd]. lia.
  - intros t Ht. now rewrite (kernel_gradient_contracts_T h v rows_ok columns_ok 1 groups K C).
  - intros k Hk. apply in_range in Hk. unfold Convolution.db, conv_outputs, channel.
    rewrite !sum_pairs. apply sum_ext. intros n _.
    rewrite <- (sum_pick_in (groups * K) k
      (fun k => sum (range (outs h) ** range (outs v)) (fun '(p, q) => delta (n, k, p, q)))) by assumption.
    apply sum_ext. intros k' _. rewrite sum_pairs, <- sum_on. apply sum_ext. intros p _. rewrite <- sum_on.
    apply sum_ext. intros q _. cbn [fst snd]. now rewrite Z.eqb_sym.
  - intros i Hi. symmetry. apply residual_contracts_T; assumption.
Qed.
End ConvolutionalLayer.
