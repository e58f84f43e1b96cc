//! What the interface is for, told in stories: a call from its creation to its end, its
//! files, its estimate, the work through a link, and the users. After each stage the
//! state is asserted through the API, or in the sandbox itself where the API doesn't show
//! it.

mod call;
mod cost;
mod files;
mod link;
mod people;
