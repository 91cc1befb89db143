//! Statements that are run one after the other. A few rows go to SQLite all at once, as each way to
//! its thread and back takes longer than what they do there; PostgreSQL takes one statement at a
//! time.

use sqlx::any::AnyArguments;
use sqlx::error::BoxDynError;
use sqlx::{Any, AnyConnection, Arguments, Encode, Type};

use super::sql::is_sqlite;

/// Up to this many rows, the statements are joined into one text. Each number of rows makes another
/// text, and the connection keeps only a limited number of prepared statements.
const FEW: usize = 4;

/// Statements and their parameters.
pub struct Script<'q> {
    joins: bool,
    steps: Vec<Statement<'q>>,
    failed: Option<BoxDynError>,
}

#[derive(Default)]
struct Statement<'q> {
    text: String,
    arguments: AnyArguments<'q>,
}

impl<'q> Script<'q> {
    /// Returns an empty script for this connection. `rows` is the number of rows of each kind that
    /// it will write.
    pub fn on(connection: &AnyConnection, rows: usize) -> Self {
        Self { joins: is_sqlite(connection) && rows <= FEW, steps: Vec::new(), failed: None }
    }

    /// Adds a statement, whose `text` is made from the number of its first parameter.
    pub fn add(&mut self, text: impl FnOnce(usize) -> String) {
        if !self.joins || self.steps.is_empty() {
            self.steps.push(Statement::default());
        }
        if let Some(step) = self.steps.last_mut() {
            if !step.text.is_empty() {
                step.text.push_str("; ");
            }
            step.text.push_str(&text(step.arguments.len() + 1));
        }
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

    /// Runs all statements. After an error, the statements before it have been run.
    pub async fn run(self, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
        if let Some(error) = self.failed {
            return Err(sqlx::Error::Encode(error));
        }
        for Statement { text, arguments } in self.steps {
            sqlx::query_with(&text, arguments).execute(&mut *connection).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(joins: bool) -> Vec<String> {
        let mut script = Script { joins, steps: Vec::new(), failed: None };
        for _ in 0..2 {
            script.add(|first| format!("DELETE FROM a WHERE b = ${first} AND c = ${}", first + 1));
            script.bind(1_i64).bind("two");
        }
        script.steps.into_iter().map(|step| step.text).collect()
    }

    #[test]
    fn parameters_are_numbered_through_what_is_run_together() {
        let joined = "DELETE FROM a WHERE b = $1 AND c = $2; DELETE FROM a WHERE b = $3 AND c = $4";
        assert_eq!(texts(true), [joined]);
        assert_eq!(texts(false), ["DELETE FROM a WHERE b = $1 AND c = $2"; 2]);
    }
}
