//! Amphis: one Python compiler, two virtual machines.
