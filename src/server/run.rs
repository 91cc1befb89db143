//! The life of the process: start, say where it is, serve, and end when asked to.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use leptos::config::get_configuration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::config::Config;
use super::connections::{self, Limits};
use super::control::socket;
use super::files;
use super::folder::Folder;
use super::metrics::metrics;
use super::policy::{policy, system_clock};
use super::router::app;
use super::site::Site;
use crate::service::Kith;

/// Timeout for the running requests after the process was asked to end.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or Ctrl-C.
pub async fn serve(config: Config) -> Result<(), Box<dyn Error>> {
    // Before the database is touched: where another Kith listens, this one must change nothing.
    let listener = bind("address", config.address).await?;
    let address = listener.local_addr()?;
    let for_metrics = match config.metrics_address {
        Some(address) => Some(bind("metrics_address", address).await?),
        None => None,
    };
    let _folder = Folder::take_soon(&config.data).await?;
    let kith = Kith::open(policy(&config), system_clock).await?;

    let url = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let limits = Limits::of(&config);
    warn(&config, &limits);
    let router = app(site(&config, &kith, &limits)?)?;

    // Without it Kith serves all the same.
    let _listening = socket::listen(&config.data, kith.clone(), url.clone())
        .inspect_err(|error| {
            let why = "`kith admin` cannot reach this Kith: no socket in its data folder";
            tracing::warn!(%error, "{why}");
        })
        .ok();
    let house = tokio::spawn(kith.clone().run_housekeeping());
    // It goes with the process: what Kith is while it ends is worth knowing, too.
    if let Some(listener) = for_metrics {
        println!("Its metrics are at http://{}/metrics", listener.local_addr()?);
        let (metrics, limits) = (metrics(kith.clone()), limits.for_metrics());
        tokio::spawn(connections::serve(listener, metrics, limits, std::future::pending()));
    }
    let (interrupt, terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    announce(&kith, &url).await?;
    let (asked, mut ended) = watch::channel(false);
    let stop = stop(interrupt, terminate, kith.clone(), asked);
    let late = async move {
        // Nobody was asked to end if the sender is gone.
        if ended.wait_for(|asked| *asked).await.is_ok() {
            tokio::time::sleep(GRACE).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    let served = async {
        connections::serve(listener, router, limits, stop).await;
        house.abort();
        // The serve loop does not wait for connections that became WebSockets.
        kith.ended().await;
    };
    tokio::select! {
        () = served => {}
        () = late => tracing::warn!("some requests did not end in time"),
    }
    Ok(())
}

/// Takes the address that this key of the configuration names.
async fn bind(key: &str, address: SocketAddr) -> Result<TcpListener, String> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|error| format!("{key}: {address} cannot be used: {error}"))
}

/// Warns of settings that are valid and probably not meant.
fn warn(config: &Config, limits: &Limits) {
    if config.public_url.is_some() && config.trusted_proxies.is_empty() {
        tracing::warn!(
            "public_url is set and trusted_proxies is empty: if a proxy stands in front of Kith, \
             limits count all its visitors as one address"
        );
    }
    if u64::from(config.connections) > limits.connections as u64 {
        tracing::warn!(
            wanted = config.connections,
            possible = limits.connections,
            "the limit on file descriptors is too low for that many connections"
        );
    }
}

fn site(config: &Config, kith: &Kith, limits: &Limits) -> Result<Site, Box<dyn Error>> {
    let leptos = match files::embedded() {
        Some(options) => options,
        None => get_configuration(None)?.leptos_options,
    };
    Ok(Site {
        kith: kith.clone(),
        https: config.is_https(),
        public_url: config.public_url.clone().map(Into::into),
        trusted_proxies: limits.trusted.clone(),
        body_timeout: Duration::from_secs(config.body_seconds.into()),
        reload_port: std::env::var_os("LEPTOS_WATCH").map(|_| leptos.reload_port),
        leptos: leptos.into(),
    })
}

/// Returns when the process is asked to end. By then no receive is held any more, and `asked` is
/// true.
async fn stop(
    mut interrupt: Signal,
    mut terminate: Signal,
    kith: Kith,
    asked: watch::Sender<bool>,
) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("ending");
    kith.end();
    asked.send_replace(true);
}

/// Says on standard output, and not in the log, where Kith is and how its first account is made.
async fn announce(kith: &Kith, url: &str) -> Result<(), Box<dyn Error>> {
    println!("Kith is ready at {url}");
    if let Some(token) = kith.setup_token().await? {
        println!(
            "Nobody has an account yet. The first one, the administrator's, is made with this link:"
        );
        println!("{url}/register?setup={token}");
    }
    Ok(())
}
