//! What the tests have in common, and what the measurement of memory and the fuzz targets
//! use too: servers that record and servers that play faults, the four interfaces with a
//! row for each of their operations, the types of all schemas, a reader of the specs that
//! shares nothing with the pipeline, and what becomes of a call, made comparable.

// Only tests see it, and here a panic is the report.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

pub mod complete;
pub mod desk;
pub mod dtos;
pub mod interfaces;
pub mod logged;
pub mod multipart;
pub mod outcome;
pub mod quick;
pub mod raw;
pub mod recorder;
pub mod responses;
pub mod row;
pub mod schema;
pub mod spec;
pub mod yaml;
