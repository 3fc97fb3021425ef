//! The register machine: operands in registers.
