# An overlay port, which builds the tree that PWSEAL_SOURCE names: the directory that Cargo.toml is in.
#
#     PWSEAL_SOURCE=$PWD vcpkg install pwseal --overlay-ports=bindings/c/packaging/vcpkg
set(VCPKG_POLICY_SKIP_LIB_CMAKE_MERGE_CHECK enabled)
if(NOT DEFINED ENV{PWSEAL_SOURCE})
  message(FATAL_ERROR "PWSEAL_SOURCE must name the directory of pwseal's Cargo.toml")
endif()
set(SOURCE_PATH "$ENV{PWSEAL_SOURCE}")

vcpkg_execute_required_process(
  COMMAND "${SOURCE_PATH}/bindings/c/install" "--prefix=${CURRENT_PACKAGES_DIR}"
  WORKING_DIRECTORY "${SOURCE_PATH}"
  LOGNAME "install-${TARGET_TRIPLET}")

# The release is as good for programs that are debugged.
file(INSTALL "${CURRENT_PACKAGES_DIR}/lib" DESTINATION "${CURRENT_PACKAGES_DIR}/debug" PATTERN "cmake" EXCLUDE)
if(VCPKG_LIBRARY_LINKAGE STREQUAL "static")
  file(GLOB shared "${CURRENT_PACKAGES_DIR}/lib/libpwseal.so*" "${CURRENT_PACKAGES_DIR}/debug/lib/libpwseal.so*")
  file(REMOVE ${shared})
else()
  file(REMOVE "${CURRENT_PACKAGES_DIR}/lib/libpwseal.a" "${CURRENT_PACKAGES_DIR}/debug/lib/libpwseal.a")
endif()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/doc")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE-MIT" "${SOURCE_PATH}/LICENSE-APACHE")
