//! The life of the process: start, say where it is, serve, and end when asked to.

use std::error::Error;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::serve::ListenerExt;
use leptos::config::get_configuration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::command_line::socket;
use super::config::{Config, LogFormat, RegistrationSetting};
use super::folder::Folder;
use super::{Site, app, files, metrics};
use crate::model::Timestamp;
use crate::service::{Cost, Kith, Policy};

/// How long requests may take to end after the process was asked to.
const GRACE: Duration = Duration::from_secs(10);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

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
    let leptos = match files::embedded() {
        Some(options) => options,
        None => get_configuration(None)?.leptos_options,
    };
    let site = Site {
        kith: kith.clone(),
        https: config.is_https(),
        public_url: config.public_url.map(Into::into),
        trusted_proxies: config.trusted_proxies.into(),
        reload_port: std::env::var_os("LEPTOS_WATCH").map(|_| leptos.reload_port),
        leptos: leptos.into(),
    };
    let router = app(site)?.into_make_service_with_connect_info::<SocketAddr>();
    // A message is small and must not wait for a second one to fill a packet.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });

    // Without it Kith serves all the same.
    let _listening = socket::listen(&config.data, kith.clone(), url.clone())
        .inspect_err(|error| {
            tracing::warn!(%error, "`kith admin` cannot reach this Kith: no socket in its data folder");
        })
        .ok();
    let house = tokio::spawn(kith.clone().keep_house());
    // It goes with the process: what Kith is while it ends is worth knowing, too.
    if let Some(listener) = for_metrics {
        println!("Its metrics are at http://{}/metrics", listener.local_addr()?);
        tokio::spawn(axum::serve(listener, metrics(kith.clone())).into_future());
    }
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    announce(&kith, &url).await?;
    let (asked, mut ended) = tokio::sync::watch::channel(false);
    let held = kith.clone();
    let stop = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("ending");
        kith.end();
        asked.send_replace(true);
    };
    let late = async move {
        // Nobody was asked to end if the sender is gone.
        if ended.wait_for(|asked| *asked).await.is_ok() {
            tokio::time::sleep(GRACE).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    let served = async {
        axum::serve(listener, router).with_graceful_shutdown(stop).await?;
        house.abort();
        // Of connections that became WebSockets, axum knows nothing any more.
        held.ended().await;
        Ok::<(), std::io::Error>(())
    };
    tokio::select! {
        served = served => served?,
        () = late => tracing::warn!("some requests did not end in time"),
    }
    Ok(())
}

/// Takes the address that this key of the configuration names.
async fn bind(key: &str, address: SocketAddr) -> Result<TcpListener, String> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|error| format!("{key}: {address} cannot be used: {error}"))
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

/// Starts the log. It never holds a password, a token or the text of a message.
pub fn log(config: &Config) {
    let filter = EnvFilter::new(&config.log);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A log that cannot be written (its disk is full) would be told of on standard error: where that
    // is the log, the call that had something to say, or the writer, would panic.
    let log = log.log_internal_errors(false);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// Returns what the configuration means for the service.
pub fn policy(config: &Config) -> Policy {
    Policy {
        data: config.data.clone(),
        database: config.database.clone(),
        registration_open: config.registration == RegistrationSetting::Open,
        contacts: config.contacts,
        secure_cookies: config.is_https(),
        sign_in_lives: DAY * config.sign_in_days,
        hold: Duration::from_secs(config.hold_seconds.into()),
        websocket: config.websocket,
        retention: DAY * config.retention_days,
        attempts_per_minute: config.attempts_per_minute,
        messages_per_minute: config.messages_per_minute,
        group_ceiling: config.group_ceiling.into(),
        password_cost: Cost::default(),
        build: build(),
    }
}

/// Returns what this machine's clock says.
pub fn system_clock() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Names this build, so that pages of another one are offered a reload: two builds of one version
/// are not the same page. Embedded, the page goes by its content; else by when the binary was made.
fn build() -> String {
    if files::embedded().is_some() {
        return format!("{}-{}", env!("CARGO_PKG_VERSION"), files::HASH);
    }
    let made = std::env::current_exe()
        .and_then(|exe| exe.metadata()?.modified())
        .ok()
        .and_then(|made| made.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    format!("{}-{:x}", env!("CARGO_PKG_VERSION"), made.as_millis())
}
