(** Derivatives of real functions, as analysis defines them, are a calculus. What follows for real networks
    rests on the axioms of Rocq's real numbers; everything else in this folder rests on none. *)
From Coq Require Import ZArith List Reals FunctionalExtensionality Ring.
From cnnbp Require Import Sums Contraction Calculus Perceptron.
Open Scope R_scope.

Definition reals : commutative_ring := Commutative_ring R 0 1 Rplus Rmult Rminus Ropp RTheory.

Lemma real_functions_laws : ring_theory (fun _ => 0) (fun _ => 1) (fun f g t => f t + g t)
  (fun f g t => f t * g t)
  (fun f g t => f t - g t) (fun f t => - f t) (@eq (R -> R)).
Proof. split; intros; extensionality t; ring. Qed.
Definition real_functions : commutative_ring := Commutative_ring (R -> R) _ _ _ _ _ _ real_functions_laws.

(** A function of t passes, at t = 0, through its value there with its derivative there as slope. *)
Definition real_calculus : calculus reals.
Proof.
  refine (Calculus reals real_functions (fun a _ => a) (fun c v s => c 0 = v /\
    derivable_pt_lim c 0 s) _ _ _ _ _).
  - intros. split; [reflexivity|apply derivable_pt_lim_const].
  - split; [reflexivity|apply derivable_pt_lim_const].
  - intros c d v w s t [<- Hc] [<- Hd]. split; [reflexivity|now apply derivable_pt_lim_plus].
  - intros c d v w s t [<- Hc] [<- Hd]. split; [reflexivity|now apply derivable_pt_lim_minus].
  - intros c d v w s t [<- Hc] [<- Hd]. split; [reflexivity|].
    change (derivable_pt_lim (c * d)%F 0 (c 0 * t + s * d 0)). rewrite Rplus_comm.
    now apply derivable_pt_lim_mult.
Defined.

Lemma differentiable_functions_follow : forall f slope v, derivable_pt_lim f v slope ->
  follows real_calculus (fun c t => f (c t)) f slope v.
Proof. intros f slope v H c s [<- Hc]. split; [reflexivity|]. now apply (derivable_pt_lim_comp c f). Qed.

Lemma sum_at {I} : forall (l : list I) (c : I -> real_functions) t,
  sum l c t = sum (A := reals) l (fun i => c i t).
Proof. induction l as [|i l IH]; intros; [reflexivity|]. cbn. f_equal. apply IH. Qed.
Lemma mlp_at : forall width (f : nat -> R -> R) ws bs xs t l o,
  mlp (R := real_functions) width
  (fun l c t => f l (c t)) ws bs xs l o t
  = mlp (R := reals) width f (fun l i => ws l i t) (fun l i => bs l i t) (fun i => xs i t) l o.
Proof.
  induction l as [|l IH]; intros o; [reflexivity|]. cbn [mlp]. f_equal. unfold affine.
  cbn [add real_functions reals]. rewrite sum_at.
  f_equal. apply sum_ext. intros i _. cbn. now rewrite IH.
Qed.
Lemma half_squares_at : forall h y n (v : Z -> real_functions) t,
  half_squares (R := real_functions) (fun _ => h) (fun o _ => y o) n v t
  = half_squares (R := reals) h y n (fun o => v o t).
Proof. intros. unfold half_squares. cbn [mul real_functions reals]. now rewrite sum_at. Qed.
Lemma half_squares_equal : forall h y n (v v' : Z -> reals), (forall o, v o = v' o) -> half_squares h y n v
  = half_squares h y n v'.
Proof. intros h y n v v' E. unfold half_squares. f_equal. apply sum_ext. intros o _. now rewrite E. Qed.
Lemma moves_straight : forall a s, passes real_calculus (fun t => a + t * s) a s.
Proof.
  intros a s. split; [cbn; ring|].
  assert (H : derivable_pt_lim (fct_cte a + id * fct_cte s) 0 (0 + (1 * s + id 0 * 0))).
  { apply derivable_pt_lim_plus; [apply derivable_pt_lim_const|].
    apply derivable_pt_lim_mult; [apply derivable_pt_lim_id|apply derivable_pt_lim_const]. }
  unfold id in H. replace (0 + (1 * s + 0 * 0)) with s in H by ring. exact H.
Qed.

Section RealPerceptron.
Variables (depth : nat) (width : nat -> Z).
Variables (f f' : nat -> R -> R) (w u : nat -> Z * Z -> R) (b e : nat -> Z -> R).
Variables (x y : Z -> R) (delta : nat -> Z -> R).
Notation mlp f w b x := (mlp (R := reals) width f w b x).
Notation z l := (affine (R := reals) width w b (l - 1) (mlp f w b x (l - 1))).

(** For every real network, f having the derivative f' at each net input: the derivative of the cost J along
    any direction (u, e) of all weights and biases is the sum of delta_o a_i u_(o,i) and delta_o e_o over
    all layers. *)
Theorem delta_hidden_any_depth_over_the_reals : (0 < depth)%nat ->
  (forall l o, (0 < l <= depth)%nat -> (0 <= o < width l)%Z ->
    derivable_pt_lim (f l) (z l o) (f' l (z l o))) ->
  (forall i, (0 <= i < width depth)%Z ->
    delta depth i = (mlp f w b x depth i - y i) * f' depth (z depth i)) ->
  (forall l i, (0 < l < depth)%nat -> (0 <= i < width l)%Z -> delta l i =
    sum (A := reals) (range (width (S l))) (fun k => delta (S l) k * w l (k, i)) * f' l (z l i)) ->
  derivable_pt_lim
    (fun t => half_squares (R := reals) (/ 2) y (width depth)
      (mlp f (fun l i => w l i + t * u l i) (fun l o => b l o + t * e l o) x depth)) 0
    (sum (A := reals) (seq 0 depth) (fun l => sum (A := reals) (range (width (S l))) (fun o =>
      sum (A := reals) (range (width l)) (fun i => delta (S l) o * mlp f w b x l i * u l
        (o, i)) + delta (S l) o * e l o))).
Proof.
  intros L Hf Ho Hh. assert (H : (/ 2 + / 2 = 1)%R) by field.
  pose proof (delta_hidden_any_depth real_calculus depth width f w b x y (/ 2) H (fun l c t => f l (c t)) f'
    (fun l o Hl Ho => differentiable_functions_follow _ _ _ (Hf l o Hl Ho))
    (fun l i t => w l i + t * u l i) (fun l o t => b l o + t * e l o) u e
    (fun l i => moves_straight _ _) (fun l o => moves_straight _ _) delta Ho Hh L) as [_ X].
  match type of X with derivable_pt_lim ?g _ _ => match goal with |- derivable_pt_lim ?g' _ _ => replace g'
    with g; [exact X|] end end.
  extensionality t. etransitivity; [apply (half_squares_at (/ 2) y (width depth))|].
  apply half_squares_equal. intros o. apply mlp_at.
Qed.
End RealPerceptron.
