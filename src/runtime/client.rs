//! What the modules of all interfaces have: the generated code, and what all clients can do.

/// The module `generated` of an interface: made while building, or as it is committed.
#[doc(hidden)]
#[macro_export]
macro_rules! generated {
    ($interface:literal) => {
        #[allow(deprecated, missing_docs, unused_imports, clippy::all)]
        mod generated {
            #[cfg(feature = "codegen")]
            include!(concat!(env!("OUT_DIR"), "/", $interface, ".rs"));
            #[cfg(not(feature = "codegen"))]
            include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/generated/", $interface, ".rs"));
        }
    };
}

/// The methods of `Client` that no spec describes.
#[doc(hidden)]
#[macro_export]
macro_rules! client {
    () => {
        impl Client {
            /// The same client, sharing credentials and connections, whose calls end after `limit` with everything that
            /// belongs to them: signing in, waits, all attempts. The response to an upload or a download has to begin
            /// within it.
            ///
            /// This takes the place of [`RetryPolicy::total`](crate::RetryPolicy::total).
            ///
            /// ```text
            /// let call = client.within(Duration::from_secs(2)).get_call().id(1).send().await?;
            /// ```
            #[must_use]
            pub fn within(&self, limit: ::std::time::Duration) -> Self {
                Self::over(self.inner.within(limit))
            }

            /// Stops the client and its clones. From now on, new calls fail with
            /// [`Error::InvalidRequest`](crate::Error::InvalidRequest) and send nothing. Waits up to `deadline` for what
            /// goes on in the background, such as a sign-in that outlived the call that began it, and then aborts it.
            ///
            /// It does not wait for calls under way: await those before. Such a call still finishes, unless it needs a
            /// new credential. A feed ends at once.
            ///
            /// Dropping a client with all its clones aborts the background work at once.
            pub async fn shutdown(&self, deadline: ::std::time::Duration) {
                self.inner.shut_down(deadline).await;
            }

            pub fn over(executor: $crate::runtime::Executor) -> Self {
                Self { inner: ::std::sync::Arc::new(executor) }
            }
        }
    };
}

pub use crate::{client, generated};
