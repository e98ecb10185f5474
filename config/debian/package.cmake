# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where, and the Debian package that scripts/package makes of it.
include(GNUInstallDirs)

set(debian ${PROJECT_SOURCE_DIR}/config/debian)
set(systemd ${PROJECT_SOURCE_DIR}/config/systemd)
set(papers ${PROJECT_BINARY_DIR}/papers)
set(documents ${CMAKE_INSTALL_DATADIR}/doc/cosdiag)

# The program itself writes its manual page and completions, from the options that it has.
install(
    CODE "
    set(papers \"${papers}\")
    set(program \"$<TARGET_FILE:cosdiag>\")
    set(changelog \"${debian}/changelog\")
    include(\"${debian}/papers.cmake\")"
)
install(TARGETS cosdiag RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${papers}/cosdiag.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${papers}/cosdiag.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME cosdiag)
install(FILES ${papers}/cosdiag.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _cosdiag)
install(FILES ${papers}/cosdiag.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${papers}/changelog.gz ${debian}/copyright DESTINATION ${documents})
install(
    FILES config/cosdiag.example.yaml config/transparent.nft config/prometheus/alerts.yaml config/grafana/dashboard.json
    DESTINATION ${documents}/examples
)
install(FILES ${systemd}/sysusers.conf DESTINATION lib/sysusers.d RENAME cosdiag.conf)
# Where Debian 12 looks for them, and the unit for its settings, whatever the prefix.
install(FILES ${systemd}/cosdiag.service DESTINATION /lib/systemd/system)
install(FILES ${debian}/cosdiag.yaml DESTINATION /etc/cosdiag)
install(FILES ${debian}/logrotate DESTINATION /etc/logrotate.d RENAME cosdiag)

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "cosdiag maintainers <maintainers@cosdiag.invalid>")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "proxy that says why Tencent Cloud COS answered 403")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "A forward HTTP proxy that passes traffic on byte for byte. An answer of COS
with status 403 leaves with one more field that says why, and the log gets an
entry with the evidence and what to do.

The service is installed and not started: systemctl enable --now cosdiag."
)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${debian}/conffiles ${debian}/postinst ${debian}/prerm ${debian}/postrm)
include(CPack)
