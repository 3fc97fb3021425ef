//! Wordcode to register code by stack-depth analysis.
