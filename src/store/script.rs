//! Statements that are run one after the other, in one go where the database takes several together:
//! each way to it and back wakes a thread, or crosses a network.

use sqlx::any::AnyArguments;
use sqlx::error::BoxDynError;
use sqlx::{Any, AnyConnection, Arguments, Encode, Type};

/// A text that is longer than this is gone on its own: of long ones there must be few, for the connection
/// to keep them prepared, and what they do takes longer than the way.
const LONG: usize = 1_200;

/// What is to be run.
pub struct Script<'q> {
    /// Whether the database takes several statements together, their parameters numbered through.
    joins: bool,
    steps: Vec<Step<'q>>,
    failed: Option<BoxDynError>,
}

#[derive(Default)]
struct Step<'q> {
    text: String,
    arguments: AnyArguments<'q>,
}

impl<'q> Script<'q> {
    /// Returns an empty one for the database behind `connection`.
    pub fn on(connection: &AnyConnection) -> Self {
        Self { joins: is_sqlite(connection), steps: Vec::new(), failed: None }
    }

    /// Adds a statement, whose `text` is made from the number of its first parameter. What is bound
    /// next is bound to it.
    pub fn add(&mut self, text: impl FnOnce(usize) -> String) -> &mut Self {
        let joined = match self.steps.last_mut() {
            Some(step) if self.joins && step.text.len() < LONG => step,
            _ => {
                self.steps.push(Step::default());
                let last = self.steps.len() - 1;
                &mut self.steps[last]
            }
        };
        if !joined.text.is_empty() {
            joined.text.push_str("; ");
        }
        let first = joined.arguments.len() + 1;
        joined.text.push_str(&text(first));
        self
    }

    /// Binds the next parameter of the statement that was added last.
    pub fn bind<T: Encode<'q, Any> + Type<Any> + 'q>(&mut self, value: T) -> &mut Self {
        if let Some(step) = self.steps.last_mut()
            && let Err(error) = step.arguments.add(value)
        {
            self.failed.get_or_insert(error);
        }
        self
    }

    /// Runs all of it. After an error, what came before it has happened.
    pub async fn run(self, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
        if let Some(error) = self.failed {
            return Err(sqlx::Error::Encode(error));
        }
        for Step { text, arguments } in self.steps {
            sqlx::query_with(&text, arguments).execute(&mut *connection).await?;
        }
        Ok(())
    }
}

/// Whether this is SQLite, and not PostgreSQL.
pub fn is_sqlite(connection: &AnyConnection) -> bool {
    connection.backend_name() == "SQLite"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(joins: bool, count: usize) -> Vec<String> {
        let mut script = Script { joins, steps: Vec::new(), failed: None };
        for _ in 0..count {
            script.add(|first| format!("DELETE FROM a WHERE b = ${first} AND c = ${}", first + 1));
            script.bind(1_i64).bind("two");
        }
        script.steps.into_iter().map(|step| step.text).collect()
    }

    #[test]
    fn parameters_are_numbered_through_what_is_run_together() {
        let joined = "DELETE FROM a WHERE b = $1 AND c = $2; DELETE FROM a WHERE b = $3 AND c = $4";
        assert_eq!(texts(true, 2), [joined]);
        assert_eq!(texts(false, 2), ["DELETE FROM a WHERE b = $1 AND c = $2"; 2]);
    }

    #[test]
    fn what_is_long_is_run_in_parts() {
        let parts = texts(true, 100);
        assert!(parts.len() > 1 && parts.len() < 10, "{}", parts.len());
        assert!(parts[1].starts_with("DELETE FROM a WHERE b = $1 "), "each counts anew");
    }
}
