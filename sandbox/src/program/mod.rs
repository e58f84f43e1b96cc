//! The program `casewire-sandbox`: all four interfaces on ports next to each other, with a page and a control endpoint.
//! Not part of the API of the library.

mod any;
mod control;
mod deliver;
mod log;
mod options;

use std::{error::Error, ffi::OsString, net::SocketAddr, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};
use tokio::net::TcpListener;

use self::{
    any::{AnySandbox, shown},
    log::say,
    options::{HELP, Options},
};
use crate::{callback, contractor, crpt, interface::Interface, legalcase, running::Sandbox};

/// Runs the program until it is told to end.
///
/// # Errors
///
/// When the arguments are wrong, or a port can't be listened at.
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<(), Box<dyn Error>> {
    let Some(options) = Options::parse(arguments)? else {
        print!("{HELP}");
        return Ok(());
    };
    let desk = listen(&options, 0).await?;
    let page = options.url(desk.local_addr()?.port());
    let mut sandboxes: Vec<Arc<dyn AnySandbox>> = Vec::new();
    start::<contractor::State>(&options, 1, &mut sandboxes).await?;
    start::<crpt::State>(&options, 2, &mut sandboxes).await?;
    let partner = start::<legalcase::State>(&options, 3, &mut sandboxes).await?;
    start::<callback::State>(&options, 4, &mut sandboxes).await?;

    say(format!("control    {page}   the page; the control endpoint is below /control"));
    for one in &sandboxes {
        say(format!("{:<11}{}", one.name(), one.url()));
        for (who, credential) in one.credentials() {
            say(format!("           {who}: {credential}"));
        }
    }
    say("Ctrl-C ends it.".to_owned());
    if let (Some(receiver), Some(partner)) = (options.deliver, partner) {
        tokio::spawn(deliver::deliver(receiver, partner));
    }
    let router = control::router(sandboxes, options.hosts);
    // Nobody is waited for: a browser opens connections ahead, and keeps them.
    tokio::select! {
        served = axum::serve(desk, router) => served?,
        () = told_to_end() => {}
    }
    log::flush();
    Ok(())
}

/// Starts the sandbox of an interface, if it is wanted.
async fn start<S: Interface + Serialize + DeserializeOwned>(
    options: &Options,
    place: u16,
    sandboxes: &mut Vec<Arc<dyn AnySandbox>>,
) -> Result<Option<Arc<Sandbox<S>>>, Box<dyn Error>> {
    if !options.wants(S::NAME) {
        return Ok(None);
    }
    let listener = listen(options, place).await?;
    let url = options.url(listener.local_addr()?.port());
    let watch = |request: &crate::Request| say(format!("{:<11}{}", S::NAME, shown(request)));
    let sandbox = Arc::new(Sandbox::<S>::serve(listener, url, options.hosts.clone(), Some(Box::new(watch))));
    sandboxes.push(Arc::<Sandbox<S>>::clone(&sandbox));
    Ok(Some(sandbox))
}

/// Listens at so many ports behind the first one, or at any if that is 0.
async fn listen(options: &Options, place: u16) -> Result<TcpListener, Box<dyn Error>> {
    let port = match options.port {
        0 => 0,
        first => first.checked_add(place).ok_or_else(|| format!("there are fewer than 5 ports from {first} on"))?,
    };
    let address = SocketAddr::new(options.listen, port);
    TcpListener::bind(address).await.map_err(|e| format!("can't listen at {address}: {e}; see --port").into())
}

/// Waits for Ctrl-C, or SIGTERM where there is such a thing.
async fn told_to_end() {
    let interrupted = async {
        // Without a handler, the signal ends the program anyway.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminated) = signal(SignalKind::terminate()) else { return interrupted.await };
        tokio::select! {
            () = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    interrupted.await;
}
