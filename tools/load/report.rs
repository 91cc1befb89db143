//! The figures of a scenario: as a row of the table, as JSON and as a curve.

use serde::Serialize;

use crate::talk::Wrong;

/// One measured scenario.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub name: String,
    /// The name of the measurement.
    pub what: String,
    pub deliveries: u64,
    pub seconds: f64,
    pub lost: u64,
    pub doubled: u64,
    pub disordered: u64,
    /// Latency from before the send to after the receive.
    pub latency: Option<Latency>,
    /// Processor seconds of the server.
    pub processor_seconds: f64,
    /// Resident memory of the server at the end, in megabytes.
    pub resident_mb: f64,
    /// Further figures of this scenario.
    pub figures: Vec<Figure>,
    #[serde(skip)]
    pub curve: Vec<u32>,
}

#[derive(Debug, Serialize)]
pub struct Figure {
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
}

/// Latencies in milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Latency {
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    pub max: f64,
}

impl Latency {
    /// Computes the figures of sorted microseconds; `None` for an empty list.
    pub fn of(sorted: &[u32]) -> Option<Self> {
        let at = |share: f64| {
            let rank = (share * sorted.len() as f64).ceil() as usize;
            sorted.get(rank.clamp(1, sorted.len()) - 1).map(|micros| f64::from(*micros) / 1e3)
        };
        let max = f64::from(*sorted.last()?) / 1e3;
        Some(Self { p50: at(0.5)?, p90: at(0.9)?, p99: at(0.99)?, max })
    }
}

impl Report {
    pub fn new(name: &str, what: String) -> Self {
        Self { name: name.to_string(), what, ..Self::default() }
    }

    pub fn figure(&mut self, name: &str, value: f64, unit: &'static str) {
        self.figures.push(Figure { name: name.to_string(), value, unit });
    }

    /// Sets the latency from those of all receivers.
    pub fn take_latencies(&mut self, mut micros: Vec<u32>) {
        micros.sort_unstable();
        self.latency = Latency::of(&micros);
        self.curve = micros;
    }

    pub fn take_wrong(&mut self, wrong: Wrong) {
        self.lost += wrong.lost;
        self.doubled += wrong.doubled;
        self.disordered += wrong.disordered;
    }

    /// Whether no message was lost, doubled or out of order.
    pub fn is_right(&self) -> bool {
        self.lost + self.doubled + self.disordered == 0
    }

    fn per_delivery(&self) -> f64 {
        self.processor_seconds * 1e6 / self.deliveries.max(1) as f64
    }
}

/// Returns the table of all scenarios, in Markdown.
pub fn table(reports: &[Report]) -> String {
    let mut out = String::from(
        "| scenario | deliveries | a second | p50 ms | p90 ms | p99 ms | max ms \
         | lost / doubled / out of order | server CPU µs a delivery | server memory MB |\n\
         |---|--:|--:|--:|--:|--:|--:|---|--:|--:|\n",
    );
    for report in reports {
        let latency = |of: fn(&Latency) -> f64| {
            report
                .latency
                .as_ref()
                .map_or("–".to_string(), |latency| format!("{:.2}", of(latency)))
        };
        let (rate, cost) = if report.deliveries == 0 {
            ("–".to_string(), "–".to_string())
        } else {
            let rate = report.deliveries as f64 / report.seconds;
            (format!("{rate:.0}"), format!("{:.1}", report.per_delivery()))
        };
        out += &format!(
            "| {} | {} | {rate} | {} | {} | {} | {} | {} / {} / {} | {cost} | {:.1} |\n",
            report.name,
            report.deliveries,
            latency(|latency| latency.p50),
            latency(|latency| latency.p90),
            latency(|latency| latency.p99),
            latency(|latency| latency.max),
            report.lost,
            report.doubled,
            report.disordered,
            report.resident_mb,
        );
    }
    out.push('\n');
    for report in reports {
        out += &format!("- **{}**: {}", report.name, report.what);
        for Figure { name, value, unit } in &report.figures {
            out += &format!("; {name} {} {unit}", written(*value));
        }
        out += ".\n";
    }
    out
}

fn written(value: f64) -> String {
    if value.abs() < 10.0 { format!("{value:.2}") } else { format!("{value:.0}") }
}
