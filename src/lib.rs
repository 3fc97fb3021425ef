//! Amphis: one Python compiler, two virtual machines.

pub mod parity;
