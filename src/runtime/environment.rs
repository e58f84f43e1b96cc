//! A configuration, and credentials, from environment variables that begin with a prefix.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf, str::FromStr, time::Duration};

use jiff::SignedDuration;

use super::{Config, ConfigError, RetryPolicy, Secret, UserPassword, blocking::blocking, credentials::SecretSource};

/// All names behind the prefix, in alphabetical order. What is wrong with one of them is an error, and so is any other name.
const NAMES: &[&str] = &[
    "ALLOW_PLAIN_HTTP",
    "CONNECT_TIMEOUT",
    "IDENTITY_CERTIFICATE",
    "IDENTITY_KEY",
    "IDLE_TIMEOUT",
    "KEY",
    "KEY_FILE",
    "KEY_WORD",
    "MAX_BODY",
    "MAX_DECODED",
    "MAX_IN_FLIGHT",
    "NO_PROXY",
    "PASSWORD",
    "PASSWORD_FILE",
    "PROXY",
    "RATE_LIMIT",
    "RETRY_ATTEMPTS",
    "RETRY_TOTAL",
    "ROOT_CERTIFICATE",
    "SIGN_IN_TIMEOUT",
    "TIMEOUT",
    "URL",
    "USER",
    "USER_AGENT",
];

/// The variables of one prefix. An empty one counts as not set.
pub struct Variables {
    prefix: String,
    values: BTreeMap<String, String>,
}

impl Variables {
    /// Those of this process.
    ///
    /// # Errors
    /// When a name that begins with the prefix is unknown, or its value is not Unicode.
    pub fn read(prefix: &str) -> Result<Self, ConfigError> {
        Self::of(prefix, std::env::vars_os())
    }

    fn of(prefix: &str, variables: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Self, ConfigError> {
        let mut values = BTreeMap::new();
        for (name, value) in variables {
            let Some(name) = name.to_str().and_then(|name| name.strip_prefix(prefix)) else { continue };
            let reason = match value.into_string() {
                Ok(_) if !NAMES.contains(&name) => format!("unknown variable; the names are {}", NAMES.join(", ")),
                Ok(value) => {
                    if !value.is_empty() {
                        values.insert(name.to_owned(), value);
                    }
                    continue;
                }
                Err(_) => "its value is not Unicode".to_owned(),
            };
            return Err(ConfigError::Variable { name: format!("{prefix}{name}"), reason });
        }
        Ok(Self { prefix: prefix.to_owned(), values })
    }

    /// What is wrong with a variable.
    pub fn wrong(&self, name: &str, reason: impl Into<String>) -> ConfigError {
        ConfigError::Variable { name: format!("{}{name}", self.prefix), reason: reason.into() }
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    fn parsed<T: FromStr>(&self, name: &str, expected: &str) -> Result<Option<T>, ConfigError> {
        let wrong = |_| self.wrong(name, format!("it must be {expected}"));
        self.get(name).map(|value| value.parse().map_err(wrong)).transpose()
    }

    fn duration(&self, name: &str) -> Result<Option<Duration>, ConfigError> {
        let wrong = || self.wrong(name, "it must be a duration such as `30s`, `1m 30s` or `PT30S`");
        let read = |value: &str| value.parse::<SignedDuration>().ok().and_then(|value| value.try_into().ok());
        self.get(name).map(|value| read(value).ok_or_else(wrong)).transpose()
    }

    fn flag(&self, name: &str) -> Result<bool, ConfigError> {
        Ok(self.parsed(name, "`true` or `false`")?.unwrap_or_default())
    }

    /// The content of the file that a variable names.
    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, ConfigError> {
        let read = |path| std::fs::read(path).map_err(|e| self.wrong(name, format!("the file can't be read: {e}")));
        self.get(name).map(read).transpose()
    }

    /// The secret in a variable, or in the file that the variable with the suffix `_FILE` names, which is read each time that the
    /// secret is needed.
    pub fn secret(&self, name: &str) -> Result<Option<SecretSource<Secret>>, ConfigError> {
        let file_name = format!("{name}_FILE");
        match (self.get(name), self.get(&file_name)) {
            (Some(_), Some(_)) => Err(self.wrong(name, format!("{}{file_name} is set, too", self.prefix))),
            (Some(secret), None) => Ok(Some(SecretSource::Fixed(secret.into()))),
            (None, Some(path)) => {
                let path = PathBuf::from(path);
                read_secret(&path).map_err(|e| self.wrong(&file_name, format!("the file can't be read: {e}")))?;
                let name = format!("{}{file_name}", self.prefix);
                Ok(Some(SecretSource::provider(move || {
                    let (path, name) = (path.clone(), name.clone());
                    async move {
                        let secret = blocking(move || read_secret(&path)).await;
                        Ok(secret.map_err(|e| format!("{name}: the file can't be read: {e}"))?)
                    }
                })))
            }
            (None, None) => Ok(None),
        }
    }

    /// The user in `USER`, with the password in `PASSWORD` or `PASSWORD_FILE`; none if none of them is set.
    pub fn user(&self) -> Result<Option<SecretSource<UserPassword>>, ConfigError> {
        match (self.get("USER").map(str::to_owned), self.secret("PASSWORD")?) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(self.wrong("USER", "it is not set, though there is a password")),
            (Some(_), None) => {
                Err(self.wrong("PASSWORD", format!("it is not set, nor is {}PASSWORD_FILE", self.prefix)))
            }
            (Some(name), Some(SecretSource::Fixed(password))) => {
                Ok(Some(SecretSource::Fixed(UserPassword { name, password })))
            }
            (Some(name), Some(SecretSource::Provider(provide))) => Ok(Some(SecretSource::provider(move || {
                let (name, password) = (name.clone(), provide());
                async move { Ok(UserPassword { name, password: password.await? }) }
            }))),
        }
    }

    /// A variable that is missing, though the other one is there.
    pub fn without(&self, name: &str, other: &str) -> ConfigError {
        self.wrong(name, format!("it is not set, though {}{other} is", self.prefix))
    }

    /// The user, who has to be there, and alone.
    pub fn required_user(&self) -> Result<SecretSource<UserPassword>, ConfigError> {
        if let Some(name) = ["KEY", "KEY_FILE", "KEY_WORD"].into_iter().find(|name| self.get(name).is_some()) {
            return Err(self.wrong(name, "this interface has users only"));
        }
        self.user()?.ok_or_else(|| self.wrong("USER", "it is not set"))
    }

    fn config(&self) -> Result<Config, ConfigError> {
        let url = self.get("URL").ok_or_else(|| self.wrong("URL", "it is not set"))?;
        let mut config = Config::new(url)?;
        let limit = |name, set: fn(Config, Duration) -> Config, config: Config| {
            Ok::<_, ConfigError>(match self.duration(name)? {
                Some(limit) => set(config, limit),
                None => config,
            })
        };
        config = limit("CONNECT_TIMEOUT", Config::connect_timeout, config)?;
        config = limit("IDLE_TIMEOUT", Config::idle_timeout, config)?;
        config = limit("SIGN_IN_TIMEOUT", Config::sign_in_timeout, config)?;
        config = limit("TIMEOUT", Config::timeout, config)?;
        let size = |name, set: fn(Config, usize) -> Config, config: Config| {
            Ok::<_, ConfigError>(match self.parsed(name, "a non-negative integer")? {
                Some(size) => set(config, size),
                None => config,
            })
        };
        config = size("MAX_BODY", Config::max_body, config)?;
        config = size("MAX_DECODED", Config::max_decoded, config)?;
        config = size("MAX_IN_FLIGHT", Config::max_in_flight, config)?;
        if let Some(value) = self.get("RATE_LIMIT") {
            let read = || {
                let (requests, per) = value.split_once(" per ")?;
                let per = per.parse::<SignedDuration>().ok()?.try_into().ok()?;
                Some((requests.trim().parse().ok()?, per))
            };
            let (requests, per) = read().ok_or_else(|| self.wrong("RATE_LIMIT", "it must be like `100 per 1m`"))?;
            config = config.rate_limit(requests, per);
        }
        let mut retry = RetryPolicy::default();
        if let Some(attempts) = self.parsed("RETRY_ATTEMPTS", "a non-negative integer")? {
            retry = retry.attempts(attempts);
        }
        if let Some(total) = self.duration("RETRY_TOTAL")? {
            retry = retry.total(total);
        }
        config = config.retry(retry);
        if let Some(value) = self.get("USER_AGENT") {
            config = config.user_agent(value);
        }
        if self.flag("ALLOW_PLAIN_HTTP")? {
            config = config.allow_plain_http();
        }
        config = match (self.get("PROXY"), self.flag("NO_PROXY")?) {
            (Some(_), true) => return Err(self.wrong("NO_PROXY", format!("{}PROXY is set, too", self.prefix))),
            (Some(url), false) => config.proxy(url)?,
            (None, true) => config.no_proxy(),
            (None, false) => config,
        };
        if let Some(pem) = self.file("ROOT_CERTIFICATE")? {
            config = config.root_certificate_pem(&pem)?;
        }
        match (self.file("IDENTITY_CERTIFICATE")?, self.file("IDENTITY_KEY")?) {
            (Some(certificate), Some(key)) => config.identity_pem(&certificate, &key),
            (None, None) => Ok(config),
            (None, Some(_)) => Err(self.without("IDENTITY_CERTIFICATE", "IDENTITY_KEY")),
            (Some(_), None) => Err(self.without("IDENTITY_KEY", "IDENTITY_CERTIFICATE")),
        }
    }
}

/// Without the end of its line.
fn read_secret(path: &std::path::Path) -> std::io::Result<Secret> {
    let text = std::fs::read_to_string(path)?;
    match text.trim_end_matches(['\r', '\n']) {
        // As while it is rewritten: an empty password would be refused, and counted.
        "" => Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "it is empty")),
        secret => Ok(secret.into()),
    }
}

impl Config {
    /// A configuration from the environment variables whose names begin with `prefix`; an empty one counts as not set.
    ///
    /// | behind the prefix | value | as |
    /// |---|---|---|
    /// | `URL` | the base URL, required | [`new`](Self::new) |
    /// | `CONNECT_TIMEOUT`, `TIMEOUT`, `IDLE_TIMEOUT`, `SIGN_IN_TIMEOUT` | a duration: `30s`, `1m 30s`, `PT30S` | the methods of these names |
    /// | `MAX_BODY`, `MAX_DECODED`, `MAX_IN_FLIGHT` | an integer | the methods of these names |
    /// | `RATE_LIMIT` | `100 per 1m` | [`rate_limit`](Self::rate_limit) |
    /// | `RETRY_ATTEMPTS` | an integer | [`RetryPolicy::attempts`] |
    /// | `RETRY_TOTAL` | a duration | [`RetryPolicy::total`] |
    /// | `USER_AGENT` | a header value | [`user_agent`](Self::user_agent) |
    /// | `PROXY` | a URL | [`proxy`](Self::proxy) |
    /// | `NO_PROXY` | `true` | [`no_proxy`](Self::no_proxy) |
    /// | `ALLOW_PLAIN_HTTP` | `true` | [`allow_plain_http`](Self::allow_plain_http) |
    /// | `ROOT_CERTIFICATE` | a file in PEM | [`root_certificate_pem`](Self::root_certificate_pem) |
    /// | `IDENTITY_CERTIFICATE`, `IDENTITY_KEY` | two files in PEM | [`identity_pem`](Self::identity_pem) |
    /// | `USER`, and `PASSWORD` or `PASSWORD_FILE` | of a user | `Auth::from_env` of an interface |
    /// | `KEY` or `KEY_FILE`, and `KEY_WORD` | of an external system, and the word before it | `contractor::Auth::from_env` |
    ///
    /// A secret whose variable ends with `_FILE` is in the file of that name, without the end of its last line. `Auth::from_env` reads
    /// it, so that a missing one is noticed at once, and it is read again each time that a secret is needed. `legalcase` has no
    /// credentials; there, these variables have no effect.
    ///
    /// ```no_run
    /// use casewire::contractor::{Auth, Client, Config};
    ///
    /// // CONTRACTOR_URL=https://desk.example CONTRACTOR_KEY_FILE=/run/secrets/desk CONTRACTOR_TIMEOUT=10s
    /// let client = Client::connect(Config::from_env("CONTRACTOR_")?, Auth::from_env("CONTRACTOR_")?)?;
    /// # let _ = client;
    /// # Ok::<(), casewire::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// When a variable with the prefix has another name, so that a misspelled one doesn't go unnoticed; when a value is not what
    /// the table says; and as the methods in the table do. Values are not shown.
    pub fn from_env(prefix: &str) -> Result<Self, ConfigError> {
        Variables::read(prefix)?.config()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, time::Duration};

    use super::{Config, ConfigError, NAMES, RetryPolicy, SecretSource, Variables};

    fn variables(set: &[(&str, &str)]) -> Result<Variables, ConfigError> {
        let set = set.iter().map(|(name, value)| (name.into(), value.into()));
        Variables::of("DESK_", set)
    }

    fn config(set: &[(&str, &str)]) -> Result<Config, ConfigError> {
        variables(set)?.config()
    }

    #[test]
    fn each_name_is_in_the_table() {
        let rows = include_str!("environment.rs").lines().filter_map(|line| line.trim().strip_prefix("/// | `"));
        let cells = rows.filter_map(|row| row.split(" | ").next()).flat_map(|cell| cell.split('`'));
        let named: BTreeSet<_> = cells.filter(|text| text.starts_with(|c: char| c.is_ascii_uppercase())).collect();
        assert_eq!(named, NAMES.iter().copied().collect());
    }

    #[test]
    fn what_is_set() {
        let config = config(&[
            ("DESK_URL", "https://desk.example"),
            ("DESK_TIMEOUT", "1m 30s"),
            ("DESK_IDLE_TIMEOUT", "PT5S"),
            ("DESK_MAX_BODY", "1000"),
            ("DESK_RATE_LIMIT", "100 per 1m"),
            ("DESK_RETRY_TOTAL", "90s"),
            ("DESK_USER_AGENT", "bridge/1"),
            ("DESK_CONNECT_TIMEOUT", "3s"),
            ("DESK_SIGN_IN_TIMEOUT", "4s"),
            ("DESK_MAX_DECODED", "2000"),
            ("DESK_MAX_IN_FLIGHT", "5"),
            ("DESK_RETRY_ATTEMPTS", "7"),
            ("DESK_ALLOW_PLAIN_HTTP", "true"),
            ("DESK_NO_PROXY", "true"),
            ("DESK_PROXY", ""),
            ("DESKTOP", "another program's"),
        ]);
        let config = config.unwrap();
        assert_eq!(config.timeout, Duration::from_secs(90));
        assert_eq!(config.idle_timeout, Duration::from_secs(5));
        assert_eq!((config.connect_timeout, config.sign_in_timeout), (Duration::from_secs(3), Duration::from_secs(4)));
        assert_eq!((config.max_decoded, config.max_in_flight), (2000, Some(5)));
        assert!(config.plain_http && config.no_proxy && config.proxy.is_none());
        assert_eq!(config.retry, RetryPolicy::default().attempts(7).total(Duration::from_secs(90)));
        assert_eq!((config.max_body, config.rate_limit), (1000, Some((100, Duration::from_secs(60)))));
        assert_eq!(config.user_agent, "bridge/1");
    }

    #[test]
    fn errors_name_the_variable_and_show_no_value() {
        let check = |name: &str, value: &str, expect: &str| {
            let set = [("DESK_URL", "https://desk.example"), (name, value)];
            let e = config(&set).err().unwrap_or_else(|| panic!("{name}")).to_string();
            assert!(e.contains(expect), "{name}: {e}");
            assert!(!e.contains("hunter2"), "{name}: {e}");
        };
        check("DESK_TIMEOUTS", "hunter2", "DESK_TIMEOUTS: unknown variable; the names are ALLOW_PLAIN_HTTP, ");
        check("DESK_TIMEOUT", "hunter2", "DESK_TIMEOUT: it must be a duration");
        check("DESK_TIMEOUT", "-1s", "DESK_TIMEOUT: it must be a duration");
        check("DESK_TIMEOUT", "30", "DESK_TIMEOUT: it must be a duration");
        check("DESK_MAX_BODY", "hunter2", "DESK_MAX_BODY: it must be a non-negative integer");
        check("DESK_RATE_LIMIT", "100/hunter2", "DESK_RATE_LIMIT: it must be like `100 per 1m`");
        check("DESK_NO_PROXY", "yes", "DESK_NO_PROXY: it must be `true` or `false`");
        check("DESK_ROOT_CERTIFICATE", "/nonexistent/ca.pem", "DESK_ROOT_CERTIFICATE: the file can't be read");
        check("DESK_PROXY", "http://me:hunter2@proxy.example/x", "the proxy");
        assert!(config(&[]).is_err_and(|e| e.to_string() == "DESK_URL: it is not set"));
        assert!(Config::from_env("CARGO_MANIFEST_").is_err_and(|e| e.to_string().starts_with("CARGO_MANIFEST_DIR: ")));
    }

    #[test]
    fn users() {
        let check = |set: &[(&str, &str)], expect: Result<&str, &str>| {
            let user = variables(set).unwrap().required_user();
            match (user, expect) {
                (Ok(SecretSource::Fixed(user)), Ok(expect)) => {
                    assert_eq!(format!("{}:{}", user.name, user.password.expose()), expect)
                }
                (Err(e), Err(expect)) => assert_eq!(e.to_string(), expect),
                (user, _) => panic!("{set:?}: {user:?}"),
            }
        };
        check(&[("DESK_USER", "ivanov"), ("DESK_PASSWORD", "hunter2")], Ok("ivanov:hunter2"));
        check(&[], Err("DESK_USER: it is not set"));
        check(&[("DESK_PASSWORD", "hunter2")], Err("DESK_USER: it is not set, though there is a password"));
        check(&[("DESK_USER", "ivanov")], Err("DESK_PASSWORD: it is not set, nor is DESK_PASSWORD_FILE"));
        check(
            &[("DESK_USER", "i"), ("DESK_PASSWORD", "hunter2"), ("DESK_PASSWORD_FILE", "/x")],
            Err("DESK_PASSWORD: DESK_PASSWORD_FILE is set, too"),
        );
    }

    #[tokio::test]
    async fn a_secret_in_a_file_is_read_again() {
        let path = std::env::temp_dir().join(format!("casewire-secret-{}", std::process::id()));
        std::fs::write(&path, "first\r\n").unwrap();
        let set = [("DESK_USER", "ivanov"), ("DESK_PASSWORD_FILE", path.to_str().unwrap())];
        let SecretSource::Provider(provide) = variables(&set).unwrap().required_user().unwrap() else { panic!() };
        assert_eq!(provide().await.unwrap().password.expose(), "first");
        std::fs::write(&path, "second").unwrap();
        assert_eq!(provide().await.unwrap().password.expose(), "second");
        std::fs::write(&path, "\n").unwrap();
        assert!(provide().await.is_err_and(|e| e.to_string().ends_with("it is empty")));
        std::fs::remove_file(&path).unwrap();
        let e = provide().await.unwrap_err().to_string();
        assert!(e.starts_with("DESK_PASSWORD_FILE: the file can't be read: "), "{e}");
    }
}
