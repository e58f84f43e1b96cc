//! `cargo run --example behind_a_proxy`: a client in a network that reaches servers through a proxy only.
//!
//! A small proxy stands in for the one of a company: it wants a name and a password, and forwards. For https, which is the rule,
//! a proxy sees the name of the server and nothing else; here it is http, so that the example needs no certificate.

use std::{
    error::Error,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use casewire::contractor::{Auth, Client, Config};
use casewire_sandbox::{Contractor, contractor::EXTERNAL_SYSTEM_KEY};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Contractor::start().await?;
    let forwarded = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let proxy = listener.local_addr()?;
    tokio::spawn(serve(listener, Arc::clone(&forwarded)));

    // Without this call, HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY of the environment count, and the system's settings.
    let through = |credentials: &str| -> Result<Client, Box<dyn Error>> {
        let config = Config::new(sandbox.url())?.proxy(&format!("http://{credentials}{proxy}"))?;
        Ok(Client::connect(config, Auth::external_system(EXTERNAL_SYSTEM_KEY))?)
    };
    let call = through("desk:pr0xy@")?.get_call().id(683_913).send().await?;
    println!("call {:?} came through the proxy, with {} connections", call.id, forwarded.load(Ordering::Relaxed));

    // A proxy that refuses looks like a server that does; the status tells.
    match through("")?.get_call().id(683_913).send().await {
        Err(e) if e.status().is_some_and(|status| status == 407) => println!("without a password: {e}"),
        Err(e) => return Err(e.into()),
        Ok(_) => return Err("the proxy let anyone through".into()),
    }

    // The credentials of a proxy are as secret as any other.
    let config = Config::new(sandbox.url())?.proxy(&format!("http://desk:pr0xy@{proxy}"))?;
    println!("{config:?}");
    // For a server that is reached directly, whatever the environment says:
    let direct = Client::connect(Config::new(sandbox.url())?.no_proxy(), Auth::external_system(EXTERNAL_SYSTEM_KEY))?;
    direct.get_call().id(683_913).send().await?;
    println!("directly, it takes no proxy: still {} connections", forwarded.load(Ordering::Relaxed));
    Ok(())
}

async fn serve(listener: TcpListener, forwarded: Arc<AtomicUsize>) {
    while let Ok((client, _)) = listener.accept().await {
        let forwarded = Arc::clone(&forwarded);
        tokio::spawn(async move { forward(client, &forwarded).await });
    }
}

/// Forwards a connection, as a proxy for http does, which is given whole URLs: `GET http://host:port/path`.
async fn forward(mut client: TcpStream, forwarded: &AtomicUsize) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    // desk:pr0xy
    if !text.to_ascii_lowercase().contains("proxy-authorization: basic zgvzazpwcjb4eq==") {
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        return client.write_all(refusal.as_bytes()).await;
    }
    forwarded.fetch_add(1, Ordering::Relaxed);
    let host = text.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let mut server = TcpStream::connect(host).await?;
    server.write_all(&head).await?;
    copy_bidirectional(&mut client, &mut server).await.map(|_| ())
}
