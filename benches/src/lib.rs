//! Workloads and measuring.
