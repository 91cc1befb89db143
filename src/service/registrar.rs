//! Makes metrics and adds them to a registry.

use prometheus::core::Collector;
use prometheus::{Gauge, Histogram, HistogramOpts, IntCounter, Opts, Registry, Result};

/// Adds each metric that it makes to the registry.
pub struct Registrar<'a>(pub &'a Registry);

impl Registrar<'_> {
    pub fn gauge(&self, name: &str, help: &str, labels: &[(&str, &str)]) -> Result<Gauge> {
        let opts = Opts::new(name, help);
        let labelled =
            labels.iter().fold(opts, |opts, (name, text)| opts.const_label(*name, *text));
        self.add(Gauge::with_opts(labelled)?)
    }

    pub fn counter(&self, name: &str, help: &str) -> Result<IntCounter> {
        self.add(IntCounter::new(name, help)?)
    }

    pub fn histogram(&self, name: &str, help: &str, buckets: &[f64]) -> Result<Histogram> {
        let opts = HistogramOpts::new(name, help).buckets(buckets.to_vec());
        self.add(Histogram::with_opts(opts)?)
    }

    pub fn add<C: Collector + Clone + 'static>(&self, metric: C) -> Result<C> {
        self.0.register(Box::new(metric.clone()))?;
        Ok(metric)
    }
}
