//! The load generator: many signed-in people exchange messages over real HTTP. It counts lost,
//! doubled and reordered messages, and measures their cost. `docs/performance.md` explains it.

mod chart;
mod disk;
mod http;
mod people;
mod report;
mod scenarios;
mod server;
mod socket;
mod stage;
mod talk;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use people::{People, Wanted};
use report::Report;
use scenarios::Scenario;
use stage::Stage;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Number of people, and of pairs of friends among them.
const WANTED: (usize, usize) = (10_000, 200);

/// Number of members of the group.
const GROUP: usize = 200;

#[derive(Parser)]
#[command(about = "Measures Kith under load. Without a name, every scenario is played.")]
struct Arguments {
    scenarios: Vec<Scenario>,
    /// The binary that is started, each time on a temporary data folder.
    #[arg(long, default_value = "target/release/kith")]
    server: PathBuf,
    /// The address of a Kith that runs already, on the folder that `--seed` filled.
    #[arg(long, value_name = "ADDRESS", requires = "people")]
    at: Option<SocketAddr>,
    /// Only makes the people in this data folder, which no running Kith may use, and writes their
    /// sign-ins into `--people`.
    #[arg(long, value_name = "FOLDER", requires = "people")]
    seed: Option<PathBuf>,
    /// The file of the sign-ins, for `--seed` and `--at`.
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
    /// Duration of one measurement.
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    seconds: u64,
    /// The folder for the table, the figures and the chart.
    #[arg(long, default_value = "target/load", value_name = "FOLDER")]
    out: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("load: messages were lost, doubled or out of order");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<bool, Failure> {
    let (people, pairs) = WANTED;
    let wanted = Wanted { people, pairs, groups: vec![GROUP] };
    if let (Some(data), Some(file)) = (&arguments.seed, &arguments.people) {
        let people = People::seed(data, &wanted).await?;
        std::fs::write(file, serde_json::to_vec(&people)?)?;
        return Ok(true);
    }
    let root = tempfile::tempdir()?;
    let seeded = root.path().join("seeded");
    let people = match &arguments.people {
        Some(file) => serde_json::from_slice(&std::fs::read(file)?)?,
        None => {
            eprintln!("making {people} people …");
            std::fs::create_dir_all(&seeded)?;
            People::seed(&seeded, &wanted).await?
        }
    };
    let stage = Stage {
        people,
        binary: std::path::absolute(&arguments.server)?,
        seeded,
        root: root.path().to_path_buf(),
        at: arguments.at,
        lasts: Duration::from_secs(arguments.seconds),
    };
    let sync = disk::sync_time(&stage.root)?;
    eprintln!("the disk's sync takes {:.2} ms", sync.as_secs_f64() * 1e3);
    let scenarios = if arguments.scenarios.is_empty() {
        Scenario::value_variants()
    } else {
        &arguments.scenarios
    };
    let mut reports = Vec::new();
    for (number, scenario) in scenarios.iter().enumerate() {
        eprintln!("{}/{}: {scenario:?} …", number + 1, scenarios.len());
        reports.extend(scenario.run(&stage).await?);
    }
    let table = report::table(&reports);
    println!("{table}");
    write(&arguments.out, &table, &reports)?;
    Ok(reports.iter().all(Report::is_right))
}

fn write(folder: &Path, table: &str, reports: &[Report]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("load.md"), table)?;
    std::fs::write(folder.join("load.json"), serde_json::to_vec_pretty(reports)?)?;
    if let Some(svg) = chart::draw(reports) {
        std::fs::write(folder.join("load.svg"), svg)?;
    }
    eprintln!("written to {}: load.md, load.json, load.svg", folder.display());
    Ok(())
}
