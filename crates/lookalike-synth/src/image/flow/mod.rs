//! Flow matching: a network learns the velocity with which noise becomes images, and new images are where noise is
//! carried by it.
//!
//! Between noise `x0` and an image `x1` a straight line leads, `x(t) = (1 - t) x0 + t x1`; the network learns `x1 - x0` from
//! `x(t)`, `t` and the class by squared error, and what it then gives is the mean velocity there. Times are drawn from a
//! logit-normal distribution, which has more of those at which the velocity is hard to tell. The class is kept from the network
//! now and then; new images go by what it gives with the class, and further that way than without (guidance).
//!
//! What a normal distribution of each class knows (`base`) is not learned again: the network learns the rest of that velocity, and
//! sees the image that the distribution expects beside the noisy one.
//!
//! # References
//! Lipman, Y. et al. (2023). Flow matching for generative modeling. <https://doi.org/10.48550/arXiv.2210.02747>
//!
//! Liu, X., Gong, C. and Liu, Q. (2023). Flow straight and fast: learning to generate and transfer data with rectified
//! flow. <https://doi.org/10.48550/arXiv.2209.03003>
//!
//! Ho, J. and Salimans, T. (2022). Classifier-free diffusion guidance. <https://doi.org/10.48550/arXiv.2207.12598>
//!
//! Esser, P. et al. (2024). Scaling rectified flow transformers (times). <https://doi.org/10.48550/arXiv.2403.03206>

mod base;
mod fitted;
mod learning;
mod options;
mod tell;

pub(super) use base::Base;
pub(super) use fitted::FittedFlow;
pub use options::Flow;
