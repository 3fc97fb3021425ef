//! The switches of the translator's passes.

use clap::Args;
use translate::{Options, PASSES};

use crate::error::CliError;

/// What `--only` takes to name no pass.
const NO_PASS: &str = "none";

/// Which passes of the translator run.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "Translation")]
pub struct PassArgs {
    /// Translate without these passes
    #[arg(long, value_name = "PASS", value_delimiter = ',', conflicts_with = "only", value_parser = pass_names())]
    without: Vec<String>,
    /// Translate with these passes alone ("none": the naive one-to-one translation)
    #[arg(long, value_name = "PASS", value_delimiter = ',', value_parser = pass_names_or_none())]
    only: Option<Vec<String>>,
}

impl PassArgs {
    /// The translator's options.
    pub fn options(&self) -> Result<Options, CliError> {
        let options = match &self.only {
            Some(only) => {
                Options::only_named(only.iter().map(String::as_str).filter(|name| *name != NO_PASS))
            }
            None => Options::without_named(self.without.iter().map(String::as_str)),
        };
        options.map_err(|error| CliError::Passes { error })
    }

    /// The switches as given, to be handed on to another `amphis`.
    pub fn to_args(&self) -> Vec<String> {
        match &self.only {
            Some(only) => vec![format!("--only={}", only.join(","))],
            None if self.without.is_empty() => Vec::new(),
            None => vec![format!("--without={}", self.without.join(","))],
        }
    }
}

fn pass_names() -> clap::builder::PossibleValuesParser {
    PASSES.iter().map(|info| possible(info.name, info.summary)).collect::<Vec<_>>().into()
}

fn pass_names_or_none() -> clap::builder::PossibleValuesParser {
    let all = PASSES.iter().map(|info| possible(info.name, info.summary));
    all.chain([possible(NO_PASS, "no pass at all")]).collect::<Vec<_>>().into()
}

fn possible(name: &'static str, summary: &'static str) -> clap::builder::PossibleValue {
    clap::builder::PossibleValue::new(name).help(summary)
}
