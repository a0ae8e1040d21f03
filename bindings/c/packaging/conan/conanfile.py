"""A recipe for Conan 2, which builds the tree that it is in: `conan create bindings/c/packaging/conan`."""

import os

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.files import copy, rmdir


class Pwseal(ConanFile):
    name = "pwseal"
    version = "0.1.0"
    description = "Encrypt passwords for the SailPoint Password Management API"
    license = "MIT OR Apache-2.0"
    topics = ("rsa", "sailpoint", "password")
    package_type = "library"
    settings = "os", "arch"
    options = {"shared": [True, False]}
    default_options = {"shared": False}

    def validate(self):
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration("bindings/c/install makes packages for Linux")

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..", "..", "..")
        for pattern in ("Cargo.*", "LICENSE-*", "bindings/*", "crates/*", "benches/*", "fuzz/*", "tests/*"):
            copy(self, pattern, root, self.export_sources_folder, excludes=("target/*",))

    def package(self):
        self.run(f'bindings/c/install --prefix="{self.package_folder}"', cwd=self.source_folder)
        copy(self, "LICENSE-*", self.source_folder, os.path.join(self.package_folder, "licenses"))
        # Conan makes its own.
        for folder in (("lib", "cmake"), ("lib", "pkgconfig"), ("share",)):
            rmdir(self, os.path.join(self.package_folder, *folder))

    def package_info(self):
        self.cpp_info.libs = ["pwseal"] if self.options.shared else [":libpwseal.a"]
        if not self.options.shared:
            self.cpp_info.system_libs = ["m", "dl", "pthread"]
        self.cpp_info.set_property("cmake_file_name", "pwseal")
        self.cpp_info.set_property("cmake_target_name", "pwseal::pwseal" if self.options.shared else "pwseal::static")
        self.cpp_info.set_property("pkg_config_name", "pwseal")
