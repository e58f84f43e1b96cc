//! Generates a module from `everything.yaml`, and from each spec in the folder `$CASEWIRE_MUTANTS`.

use std::{env, error::Error, fmt::Write, fs, path::PathBuf};

fn main() {
    if let Err(e) = generate() {
        e.to_string().lines().for_each(|line| println!("cargo::error={line}"));
    }
}

fn generate() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=everything.yaml");
    println!("cargo::rerun-if-env-changed=CASEWIRE_MUTANTS");
    let mut specs = vec![PathBuf::from("everything.yaml")];
    if let Some(folder) = env::var_os("CASEWIRE_MUTANTS") {
        println!("cargo::rerun-if-changed={}", folder.display());
        for entry in fs::read_dir(folder)? {
            specs.push(entry?.path());
        }
    }
    specs.sort();
    let target = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let mut modules = String::new();
    for path in specs {
        let name = path.file_stem().and_then(|name| name.to_str()).ok_or("a file without a name")?;
        let spec = casewire_codegen::load(&path.display().to_string(), &fs::read_to_string(&path)?)?;
        let file = target.join(format!("{name}.rs"));
        fs::write(&file, casewire_codegen::generate(name, &spec)?)?;
        // As `generated!` has them.
        let allowed = "#[allow(deprecated, missing_docs, unused_imports, clippy::all)]";
        writeln!(modules, "{allowed} pub mod {name} {{ include!({:?}); }}", file.display().to_string())?;
    }
    fs::write(target.join("modules.rs"), modules)?;
    Ok(())
}
