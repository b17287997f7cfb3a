# SPDX-License-Identifier: GPL-3.0-or-later
# packaging/: how distributions make packages of mmcp.

EXTRA_DIST += \
	packaging/APKBUILD \
	packaging/PKGBUILD \
	packaging/README \
	packaging/debian/changelog \
	packaging/debian/control \
	packaging/debian/copyright \
	packaging/debian/mmcp-mpi.install \
	packaging/debian/mmcp.install \
	packaging/debian/mmcp-mpi.lintian-overrides \
	packaging/debian/mmcp.lintian-overrides \
	packaging/debian/rules \
	packaging/debian/source/format \
	packaging/debian/source/lintian-overrides \
	packaging/debian/tests/control \
	packaging/debian/tests/copies \
	packaging/debian/tests/installcheck \
	packaging/mmcp.nix \
	packaging/mmcp.rpmlintrc \
	packaging/mmcp.spec
