//! Tests of the translator, in one binary.

mod bugs;
mod corpus;
mod faults;
mod golden;
mod library;
mod proofs;
mod shape;
