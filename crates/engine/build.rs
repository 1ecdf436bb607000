//! Compiles the C++ shim that speaks CTranslate2's binary interface. Needs a C++17 compiler and
//! no header or library of CTranslate2: the library itself is loaded at run time.

fn main() {
    println!("cargo::rerun-if-changed=shim/ctranslate2.cpp");
    cc::Build::new()
        .cpp(true)
        .std("c++17")
        .opt_level(2)
        .file("shim/ctranslate2.cpp")
        .compile("privity_ctranslate2");
    println!("cargo::rustc-link-lib=dl");
}
