(** No theorem is about nothing: for each hypothesis that a theorem makes, something that satisfies it. *)
From Coq Require Import ZArith Bool List Ring Lia QArith Qcanon.
From cnnbp Require Import Axis Relation Outputs Counting Tap PoolingAxis TransposedAxis Sums Line Plane.
From cnnbp Require Import Contraction Convolution Loops MeanPooling MaxPooling Calculus Perceptron Decay.
From cnnbp Require Import ConvolutionalNetwork.
Import ListNotations.
Open Scope Z_scope.

(** Integers and rationals are commutative rings; a half is rational. *)
Definition integers : commutative_ring := Commutative_ring Z 0 1 Z.add Z.mul Z.sub Z.opp Zth.
Definition rationals : commutative_ring := Commutative_ring Qc 0%Qc 1%Qc Qcplus Qcmult Qcminus Qcopp Qcrt.
Definition a_half : rationals := Q2Qc (1 # 2).
Example a_half_is_half : (a_half + a_half = 1)%ring.
Proof. now apply Qc_is_canon. Qed.

(** Axes: a kernel of 3 over 6 cells, stride 2, padding 1; with ceil_mode, where a last window overhangs;
    and transposed. *)
Definition an_axis := Axis 6 3 2 1 1 false 0.
Definition a_ceil_axis := Axis 6 3 2 1 1 true 0.
Example an_axis_is_sensible : sensible an_axis /\ outputs an_axis = Some 3.
Proof. unfold sensible; cbn; repeat split; lia. Qed.
Example a_ceil_axis_is_sensible : sensible a_ceil_axis /\ outputs a_ceil_axis = Some 4 /\
  2 * padding a_ceil_axis <= kernel a_ceil_axis.
Proof. unfold sensible; cbn; repeat split; lia. Qed.
Example an_axis_without_padding :
  sensible (Axis 6 3 1 0 1 false 0) /\ inside (Axis 6 3 1 0 1 false 0) 4 = true.
Proof. unfold sensible; cbn; repeat split; lia. Qed.
Example a_transposed_axis : transposed 3 3 2 1 1 1 = Some (Axis 6 3 2 1 1 false 1) /\
  transposed 1 1 1 1 1 0 = None.
Proof. split; reflexivity. Qed.
Example a_3_by_3_kernel_on_a_5_by_5_image : outputs (plain 5 3) = Some 3 /\ length (square 2 2 3) = 9%nat /\
  In (4, 2) (square 2 2 3) /\ ~ In (1, 2) (square 2 2 3).
Proof. rewrite !(proj2 (proj2 (squares 2 2 3 ltac:(lia)))). repeat split; lia. Qed.
Example a_kernel_too_large : outputs (Axis 2 3 1 0 1 false 0) = None.
Proof. reflexivity. Qed.

(** The gradient is unique over cells of which none is listed twice, as those of the layers are not. *)
Lemma range_lists_once : forall n, NoDup (range n).
Proof.
  intros n. unfold range. generalize (seq_NoDup (Z.to_nat n) 0). generalize (seq 0 (Z.to_nat n)).
  induction l as [|i l IH]; cbn; [constructor|].
  intros H. apply NoDup_cons_iff in H as [N H]. constructor; [|auto]. rewrite in_map_iff. intros (j & E & J).
  apply Nat2Z.inj in E. now subst.
Qed.
Lemma pairs_list_once {I J} : forall (l : list I) (m : list J), NoDup l -> NoDup m -> NoDup (l ** m).
Proof.
  induction l as [|i l IH]; intros m L M; cbn; [constructor|]. apply NoDup_cons_iff in L as [N L].
  assert (X : forall m', NoDup m' -> NoDup (map (fun j : J => (i, j)) m' ++ l ** m)).
  { induction m' as [|j m' IH']; cbn; [auto|]. intros H. apply NoDup_cons_iff in H as [N' H].
    constructor; [|auto].
    rewrite in_app_iff, in_map_iff, in_prod_iff. intros [(j' & E & H')|[H' _]]; [|contradiction].
    now injection E as <-. }
  now apply X.
Qed.
Example cells_are_listed_once : forall samples channels h v,
  NoDup (range samples ** range channels ** range h ** range v).
Proof. intros. repeat apply pairs_list_once; apply range_lists_once. Qed.

(** Mean pooling, 2 x 2 cells with stride 2 in an image of 4 x 4: a quarter is one over the size of each
    window. *)
Definition a_pool := Axis 4 2 2 0 1 false 0.
Example a_quarter_is_reciprocal : is_reciprocal (A := rationals) a_pool a_pool false (fun _ => Q2Qc (1 # 4)).
Proof.
  intros p q H. apply in_prod_iff in H as [P Q]. rewrite in_range in P, Q. change (outs a_pool) with 2 in *.
  assert (P' : p = 0 \/ p = 1) by lia. assert (Q' : q = 0 \/ q = 1) by lia.
  destruct P' as [-> | ->], Q' as [-> | ->]; now apply Qc_is_canon.
Qed.
Example its_windows_see_inputs : sensible a_pool /\ forall o, In o (outputs_of_plane a_pool a_pool) ->
  first_inputs a_pool (fst o) <> None /\ first_inputs a_pool (snd o) <> None.
Proof.
  split; [unfold sensible; cbn; lia|]. intros [p q] H. apply in_prod_iff in H as [P Q].
  rewrite in_range in P, Q.
  change (outs a_pool) with 2 in *. assert (P' : p = 0 \/ p = 1) by lia. assert (Q' : q = 0 \/ q = 1) by lia.
  destruct P' as [-> | ->], Q' as [-> | ->]; cbn; split; discriminate.
Qed.

(** A convolution may be a layer of a network. *)
Example a_convolutional_layer : forall h v groups K C, exists units weights biases T B,
  is_convolution h v groups K C units weights biases T B 0.
Proof.
  intros.
  exists (fun l => match l with O => conv_inputs h v 1 groups C | S _ => conv_outputs h v 1 groups K end).
  exists (fun _ => conv_taps h v groups K C), (fun _ => range (groups * K)), (fun _ => conv_T h v K C).
  exists (fun _ o k => k =? channel o). repeat split.
Qed.

(** Integers are ordered as max pooling asks, and on these images each window's winner keeps its maximum. *)
Example integers_are_ordered :
  (forall a b, (a <=? b) = false -> (b <=? a) = true) /\ (forall a b c, (a <=? b) = true -> (b <=? c)
    = true -> (a <=? c) = true) /\
  (forall a b, (a =? b) = true <-> a = b).
Proof. repeat split; intros; rewrite ?Z.leb_le, ?Z.leb_gt, ?Z.eqb_eq in *; lia. Qed.
Definition an_image (c : Z * Z) : integers := (10 * ((fst c * 7 + snd c * 3) mod 11))%Z.
Definition a_step (c : Z * Z) : integers := ((fst c * 5 + snd c * 2) mod 3)%Z.
Example winners_stay : forall o, In o (outputs_of_plane a_pool a_pool) ->
  let moved := (fun i => an_image i + a_step i)%ring : Z * Z -> integers in
  max_forward (A := integers) a_pool a_pool Z.leb moved o = moved (winner (A :=
    integers) a_pool a_pool Z.leb Z.eqb an_image o).
Proof.
  intros [p q] H. apply in_prod_iff in H as [P Q]. rewrite in_range in P, Q.
  change (outs a_pool) with 2 in *.
  assert (P' : p = 0 \/ p = 1) by lia. assert (Q' : q = 0 \/ q = 1) by lia.
  destruct P' as [-> | ->], Q' as [-> | ->]; reflexivity.
Qed.

(** Over any commutative ring, dual numbers a + b eps with eps * eps = 0 are curves: they pass through a
    with slope b. *)
Section Dual.
Variable A : commutative_ring.
Add Ring A_ring : (laws A).
Definition dual_add (c d : A * A) := (fst c + fst d, snd c + snd d)%ring.
Definition dual_mul (c d : A * A) := (fst c * fst d, fst c * snd d + snd c * fst d)%ring.
Definition dual_sub (c d : A * A) := (fst c - fst d, snd c - snd d)%ring.
Definition dual_opp (c : A * A) := (opp (fst c), opp (snd c)).
Lemma dual_laws : ring_theory (0%ring : A, 0%ring : A)
  (1%ring, 0%ring) dual_add dual_mul dual_sub dual_opp eq.
Proof.
  split; intros; repeat match goal with c : (_ * _)%type |- _ => destruct c end;
  unfold dual_add, dual_mul, dual_sub, dual_opp; cbn [fst snd]; f_equal; ring.
Qed.
Definition dual_numbers : commutative_ring := Commutative_ring (A * A) (0, 0)%ring
  (1, 0)%ring dual_add dual_mul dual_sub dual_opp dual_laws.
Definition dual_calculus : calculus A.
Proof.
  refine (Calculus A dual_numbers (fun a => (a, 0%ring)) (fun c v s => c = (v, s)) _ _ _ _ _); intros;
    subst; reflexivity.
Defined.

(** Any function f with any f' follows the chain rule there, as a + b eps goes to f(a) + f'(a) b eps ... *)
Example any_function_follows : forall (f f' : A -> A) v,
  follows dual_calculus (fun c => (f (fst c), f' (fst c) * snd c)%ring) f (f' v) v.
Proof. intros f f' v c s ->. reflexivity. Qed.

(** ... and for polynomials, computed with dual numbers, f' is the derivative that everybody knows. *)
Fixpoint polynomial {R : commutative_ring} (coefficients : list R) (v : R) : R :=
  match coefficients with [] => 0%ring | c :: l => (c + v * polynomial l v)%ring end.
Fixpoint derivative (coefficients : list A) (v : A) : A :=
  match coefficients with [] => 0%ring | _ :: l => (polynomial l v + v * derivative l v)%ring end.
Example polynomials_follow : forall coefficients v, follows dual_calculus
  (polynomial (R := dual_numbers) (map (constant dual_calculus) coefficients)) (polynomial coefficients)
    (derivative coefficients v) v.
Proof.
  intros l v c s ->. change (polynomial (R := dual_numbers) (map (constant dual_calculus) l) (v, s)
    = (polynomial l v, derivative l v * s)%ring). induction l as [|a l IH]; cbn [map polynomial derivative].
  - cbn. f_equal. ring.
  - rewrite IH. cbn [add mul dual_numbers constant dual_calculus]. unfold dual_add, dual_mul. cbn [fst snd].
    f_equal; ring.
Qed.
End Dual.

(** Residuals by the rule of the derivation exist in every network. *)
Section Residuals.
Context {A : commutative_ring}.
Variables (depth : nat) (width : nat -> Z) (f slope : nat -> A -> A) (w : nat -> Z * Z -> A) (x y : Z -> A).
Variable b : nat -> Z -> A.
Notation a := (mlp width f w b x).
Notation z l := (affine width w b (l - 1) (a (l - 1))).
Fixpoint residual_below_top (m : nat) (i : Z) : A := let l := (depth - m)%nat in
  match m with
  | O => ((a depth i - y i) * slope depth (z depth i))%ring
  | S m => (sum (range (width (S l))) (fun k => residual_below_top m k * w l (k, i)) * slope l (z l i))%ring
  end.
Example residuals_exist : exists delta : nat -> Z -> A,
  (forall i, 0 <= i < width depth -> delta depth i = ((a depth i - y i) * slope depth (z depth i))%ring) /\
  (forall l i, (0 < l < depth)%nat -> 0 <= i < width l ->
    delta l i = (sum (range (width (S l))) (fun k => delta (S l) k * w l (k, i)) * slope l (z l i))%ring).
Proof.
  exists (fun l => residual_below_top (depth - l)). split.
  - intros. replace (depth - depth)%nat with O by lia. reflexivity.
  - intros l i H _. replace (depth - l)%nat with (S (depth - S l)) by lia. cbn [residual_below_top].
    replace (depth - S (depth - S l))%nat with l by lia. reflexivity.
Qed.
End Residuals.

(** Integers have such an order, and (w - 6)^2 + decay * w^2 is least at 3 for decay 1, at 2 for decay 2. *)
Definition squared (w : Z) : Z := w * w.
Definition away_from_6 (w : Z) : Z := (w - 6) * (w - 6).
Example inequalities_of_integers_add : (forall a b c d, a <= b -> c <= d -> a + c <= b + d) /\ (forall a, a <= a) /\
  (forall c a b, 0 < c -> c * a <= c * b -> a <= b).
Proof. repeat split; intros; nia. Qed.
Example minima_under_decay : minimises (A := integers) Z.le Z away_from_6 squared 1 1 3 /\
  minimises (A := integers) Z.le Z away_from_6 squared 1 2 2.
Proof.
  split; intros v.
  - change (18 <= (v - 6) * (v - 6) + 1 * 1 * (v * v)). pose proof (Z.square_nonneg (v - 3)). nia.
  - change (24 <= (v - 6) * (v - 6) + 1 * 2 * (v * v)). pose proof (Z.square_nonneg (v - 2)). nia.
Qed.
