//! Tests of the translator, in one binary.

mod corpus;
mod golden;
mod library;
mod proofs;
mod shape;
