//! The server is killed with SIGKILL at random moments, also while it starts, and started again.

use std::time::Duration;

use rand::Rng;
use tokio::task::block_in_place;
use tokio::time::sleep;

use super::Trial;
use super::checks::Allowed;
use super::crew::Crew;
use crate::harness::{Database, on_both_databases};

on_both_databases!(nothing_is_lost_or_doubled_while_the_server_is_killed_again_and_again);

async fn nothing_is_lost_or_doubled_while_the_server_is_killed_again_and_again(database: Database) {
    let trial = Trial::new("killed");
    let mut choices = trial.choices(0);
    let crew = Crew::gather_around_a_process(trial, database).await;
    let mut server = crew.start();
    crew.come().await;
    let talk = crew.talk();
    for _ in 0..trial.rounds(4) {
        sleep(Duration::from_millis(choices.random_range(20..500))).await;
        crew.kill(server);
        if choices.random_bool(0.3) {
            // It may be killed before it has said that it is ready, too.
            let ms = choices.random_range(0..150);
            block_in_place(|| killed_early(&crew, Duration::from_millis(ms)));
        }
        // Somebody presses F5 while there is nobody to answer.
        let who = choices.random_range(0..crew.clients.len() * 2);
        let reloads = async {
            if let Some(client) = crew.clients.get(who) {
                client.load().await;
            }
        };
        let starts = async { crew.start() };
        ((), server) = tokio::join!(reloads, starts);
    }
    talk.end().await;
    crew.all_is_well(Allowed::default()).await;
    crew.kill(server);
}

fn killed_early(crew: &Crew, after: Duration) {
    let mut child = crew.command().spawn().expect("kith starts");
    std::thread::sleep(after);
    child.kill().expect("it can be killed");
    child.wait().expect("it is gone");
}
