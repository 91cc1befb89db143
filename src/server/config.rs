//! The operator's configuration: defaults, overridden by a file, overridden by `KITH_*` variables.
//! It is read once, and checked before anything starts. `Leptos.toml`, installed as `kith.toml`,
//! documents every key.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use toml::{Table, Value};
use url::Url;

use crate::model::Contacts;

/// All keys.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub address: SocketAddr,
    /// As browsers write the origin: in lower case, without the default port and the final slash.
    #[serde(deserialize_with = "origin")]
    pub public_url: Option<String>,
    pub metrics_address: Option<SocketAddr>,
    pub data: PathBuf,
    pub database: Option<String>,
    pub registration: RegistrationSetting,
    pub contacts: Contacts,
    pub sign_in_days: u32,
    pub hold_seconds: u32,
    pub websocket: bool,
    pub retention_days: u32,
    pub attempts_per_minute: u32,
    pub messages_per_minute: u32,
    pub group_ceiling: u32,
    pub trusted_proxies: Vec<IpNet>,
    pub connections: u32,
    pub connections_per_address: u32,
    pub head_seconds: u32,
    pub head_kilobytes: u32,
    pub body_seconds: u32,
    pub idle_seconds: u32,
    pub unread_seconds: u32,
    pub log: String,
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationSetting {
    Open,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 3000)),
            public_url: None,
            metrics_address: None,
            data: PathBuf::from("data"),
            database: None,
            registration: RegistrationSetting::Open,
            contacts: Contacts::Friends,
            sign_in_days: 90,
            hold_seconds: 25,
            websocket: true,
            retention_days: 30,
            attempts_per_minute: 20,
            messages_per_minute: 120,
            group_ceiling: 500,
            trusted_proxies: Vec::new(),
            connections: 0,
            connections_per_address: 4_096,
            head_seconds: 15,
            head_kilobytes: 32,
            body_seconds: 30,
            idle_seconds: 130,
            unread_seconds: 60,
            log: "info".into(),
            log_format: LogFormat::Text,
        }
    }
}

/// An invalid configuration: the file, key or variable, and the reason.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ConfigError {
    #[error("{file}: {why}")]
    File { file: String, why: String },
    #[error("{key}: {why}")]
    Key { key: String, why: String },
}

/// The files that are read without `--config`; the first that exists counts. `Leptos.toml` is the
/// name in the source folder, `kith.toml` that of an installation.
const DEFAULT_FILES: [&str; 2] = ["Leptos.toml", "kith.toml"];

/// Variables of the tools and the tests, which the server ignores.
const TOOLS: [&str; 7] = [
    "KITH_BIN",
    "KITH_CHROMIUM",
    "KITH_SITE",
    "KITH_TEST_POSTGRES",
    "KITH_TOOLS",
    "KITH_TORTURE_ROUNDS",
    "KITH_TORTURE_SEED",
];

impl Config {
    /// Reads `file` or a default file, and the environment.
    pub fn read(file: Option<&Path>) -> Result<Self, ConfigError> {
        let table = Self::file(file).map_or_else(|| Ok(Table::new()), read_table)?;
        Self::from_parts(table, &variables())
    }

    /// Reads `file` and the environment for a demo: on a free port, with a short log. The default
    /// files belong to another Kith.
    pub fn read_for_demo(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut table = file.map_or_else(|| Ok(Table::new()), read_table)?;
        for (key, value) in [("address", "127.0.0.1:0"), ("log", "warn")] {
            table.entry(key).or_insert_with(|| value.into());
        }
        Self::from_parts(table, &variables())
    }

    /// Returns the file that [`Config::read`] reads, if any.
    pub fn file(named: Option<&Path>) -> Option<&Path> {
        named.or_else(|| default_file(Path::new("")))
    }

    /// Overrides the file's table with the variables, and checks the result.
    fn from_parts(
        mut table: Table,
        variables: &BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let mut names = BTreeMap::new();
        for (name, text) in variables {
            let Some(rest) = name.strip_prefix("KITH_") else { continue };
            if TOOLS.contains(&name.as_str()) {
                continue;
            }
            let key = rest.to_lowercase();
            if rest.is_empty() || rest != key.to_uppercase() {
                return Err(no_such_setting(name));
            }
            table.insert(key.clone(), value_of(text));
            names.insert(key, name);
        }
        // cargo-leptos sets the address of the server that it starts.
        if let Some(address) = variables.get("LEPTOS_SITE_ADDR") {
            table.insert("address".to_string(), Value::String(address.clone()));
        }
        let config: Self =
            serde_path_to_error::deserialize(Value::Table(table)).map_err(|error| {
                let key = error.path().to_string();
                let why = error.inner().message().to_string();
                match names.get(&key) {
                    // The operator wrote the variable; serde knows it only as a key.
                    Some(name) if why.starts_with("unknown field") => no_such_setting(name),
                    Some(name) => ConfigError::Key { key: name.to_string(), why },
                    None => ConfigError::Key { key, why },
                }
            })?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        between("sign_in_days", self.sign_in_days, 1, 3_650)?;
        between("hold_seconds", self.hold_seconds, 1, 55)?;
        between("retention_days", self.retention_days, 1, 3_650)?;
        between("attempts_per_minute", self.attempts_per_minute, 0, 10_000)?;
        between("messages_per_minute", self.messages_per_minute, 0, 1_000_000)?;
        between("group_ceiling", self.group_ceiling, 2, 2_000)?;
        between("connections", self.connections, 0, 1_000_000)?;
        between("connections_per_address", self.connections_per_address, 0, 1_000_000)?;
        between("head_seconds", self.head_seconds, 1, 600)?;
        between("head_kilobytes", self.head_kilobytes, 8, 1_024)?;
        between("body_seconds", self.body_seconds, 1, 600)?;
        between("idle_seconds", self.idle_seconds, 1, 3_600)?;
        between("unread_seconds", self.unread_seconds, 1, 3_600)?;
        if let Some(url) = &self.database
            && !["sqlite:", "postgres:", "postgresql:"].iter().any(|start| url.starts_with(start))
        {
            let why = "begins with sqlite: or postgres:".to_string();
            return Err(ConfigError::Key { key: "database".into(), why });
        }
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&self.log) {
            return Err(ConfigError::Key { key: "log".into(), why: error.to_string() });
        }
        Ok(())
    }

    /// Whether browsers reach Kith over https.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https:"))
    }
}

/// Reads the address of a site: scheme, host and perhaps a port. Returns it as browsers send it in
/// `Origin`: one address has one spelling in the whole program.
fn origin<'de, D: Deserializer<'de>>(text: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(text)?;
    let is_site = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
    };
    match Url::parse(&text) {
        Ok(url) if is_site(&url) => Ok(Some(url.origin().ascii_serialization())),
        _ => {
            let why = format!("{text:?} is not of the form https://chat.example.org");
            Err(D::Error::custom(why))
        }
    }
}

fn default_file(folder: &Path) -> Option<&'static Path> {
    DEFAULT_FILES.into_iter().map(Path::new).find(|file| folder.join(file).exists())
}

fn no_such_setting(variable: &str) -> ConfigError {
    let why = "no setting has this name (Leptos.toml, installed as kith.toml, has them all)";
    ConfigError::Key { key: variable.to_string(), why: why.to_string() }
}

fn variables() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)))
        .collect()
}

fn between(key: &str, value: u32, min: u32, max: u32) -> Result<(), ConfigError> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    let why = format!("{value} is not between {min} and {max}");
    Err(ConfigError::Key { key: key.into(), why })
}

fn read_table(file: &Path) -> Result<Table, ConfigError> {
    let wrong = |why: String| ConfigError::File { file: file.display().to_string(), why };
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    text.parse().map_err(|error: toml::de::Error| wrong(error.to_string()))
}

/// Parses a variable's text as TOML where it is a number, a boolean or a list. Anything else is a
/// string, because `KITH_DATA=/srv/kith` has no quotes.
fn value_of(text: &str) -> Value {
    let as_toml = format!("value = {text}").parse::<Table>().ok();
    match as_toml.and_then(|mut table| table.remove("value")) {
        Some(value @ (Value::Integer(_) | Value::Boolean(_) | Value::Array(_))) => value,
        _ => Value::String(text.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let table = toml.parse().expect("a table");
        let variables =
            variables.iter().map(|&(name, text)| (name.to_string(), text.to_string())).collect();
        Config::from_parts(table, &variables).map_err(|error| error.to_string())
    }

    /// All keys, as serde lists them when it refuses another one.
    fn keys() -> Vec<String> {
        let error = read("nothing = 1", &[]).expect_err("no setting");
        let (_, keys) = error.split_once("expected one of ").expect("all keys");
        keys.split('`').skip(1).step_by(2).map(String::from).collect()
    }

    #[test]
    fn the_documented_file_has_every_key_with_its_default() {
        let documented = include_str!("../../Leptos.toml");
        assert_eq!(read(documented, &[]), Ok(Config::default()));
        assert!(keys().len() > 10, "{:?}", keys());
        for key in keys() {
            assert!(documented.contains(&format!("{key} = ")), "{key} is not documented");
        }
    }

    #[test]
    fn an_installed_file_is_read_where_there_is_no_source_file() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(default_file(folder.path()), None);
        for name in ["kith.toml", "Leptos.toml"] {
            std::fs::write(folder.path().join(name), "").expect("a file");
            assert_eq!(default_file(folder.path()), Some(Path::new(name)));
        }
    }

    #[test]
    fn variables_override_the_file() {
        let config = read(
            "hold_seconds = 10",
            &[
                ("KITH_HOLD_SECONDS", "5"),
                ("KITH_WEBSOCKET", "false"),
                ("KITH_TRUSTED_PROXIES", r#"["10.0.0.0/8"]"#),
                ("KITH_DATA", "/srv/kith"),
                ("LEPTOS_SITE_ADDR", "0.0.0.0:80"),
            ],
        )
        .expect("a configuration");
        assert_eq!(config.hold_seconds, 5);
        assert!(!config.websocket);
        assert_eq!(config.trusted_proxies.len(), 1);
        assert_eq!(config.data, PathBuf::from("/srv/kith"));
        assert_eq!(config.address.port(), 80);
    }

    #[test]
    fn misspelt_variables_are_refused_by_name() {
        for name in ["KITH_HOLD_SECOND", "KITH_", "KITH_hold_seconds", "KITH_KEY"] {
            let error = read("", &[(name, "1")]).expect_err(name);
            assert!(error.starts_with(&format!("{name}: no setting has this name")), "{error}");
        }
        let error = read("hold_second = 1", &[]).expect_err("no key");
        assert!(error.starts_with("hold_second: unknown field"), "{error}");
        let error = read("", &[("KITH_HOLD_SECONDS", "long")]).expect_err("no number");
        assert!(error.starts_with("KITH_HOLD_SECONDS: invalid type"), "{error}");
        for name in TOOLS.into_iter().chain(["HOME", "KITHS", "hold_second"]) {
            assert_eq!(read("", &[(name, "1")]), Ok(Config::default()), "{name}");
        }
    }

    #[test]
    fn public_url_has_one_spelling() {
        for (typed, read_as) in [
            ("https://chat.example.org", "https://chat.example.org"),
            ("HTTPS://Chat.Example.org:443/", "https://chat.example.org"),
            ("https://chat.example.org:8443", "https://chat.example.org:8443"),
            ("http://chat.example.org:80", "http://chat.example.org"),
            ("http://chat.example.org:443", "http://chat.example.org:443"),
            ("https://[2001:DB8:0::1]/", "https://[2001:db8::1]"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            let config = read(&format!("public_url = '{typed}'"), &[]).expect(typed);
            assert_eq!(config.public_url.as_deref(), Some(read_as), "{typed}");
            assert_eq!(config.is_https(), read_as.starts_with("https:"), "{typed}");
        }
        for typed in [
            "chat.example.org",
            "ftp://chat.example.org",
            "https://",
            "https://chat.example.org/kith",
            "https://chat.example.org?kith",
            "https://chat.example.org/#kith",
            "https://ann@chat.example.org",
            "https://chat.example.org:99999",
            "",
        ] {
            let error = read("", &[("KITH_PUBLIC_URL", typed)]).expect_err(typed);
            assert!(error.starts_with("KITH_PUBLIC_URL: "), "{error}");
            assert!(error.contains("is not of the form https://chat.example.org"), "{error}");
        }
    }

    #[test]
    fn an_invalid_value_is_refused_by_the_name_of_its_key() {
        for (toml, key) in [
            ("hold_seconds = 0", "hold_seconds"),
            ("hold_seconds = 'long'", "hold_seconds"),
            ("websocket = 'sometimes'", "websocket"),
            ("registration = 'maybe'", "registration"),
            ("contacts = 'nobody'", "contacts"),
            ("public_url = 'chat.example.org'", "public_url"),
            ("public_url = 'https://example.org/chat'", "public_url"),
            ("metrics_address = 'off'", "metrics_address"),
            ("database = 'mysql://x'", "database"),
            ("trusted_proxies = ['proxy']", "trusted_proxies"),
            ("head_kilobytes = 7", "head_kilobytes"),
            ("idle_seconds = 0", "idle_seconds"),
            ("connections = -1", "connections"),
            ("adress = '127.0.0.1:3000'", "adress"),
            ("log = 'kith=loud'", "log"),
        ] {
            let error = read(toml, &[]).expect_err(toml);
            assert!(error.contains(key), "{toml}: {error}");
        }
    }
}
