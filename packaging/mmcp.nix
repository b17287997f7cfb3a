# SPDX-License-Identifier: GPL-3.0-or-later
# For nixpkgs: callPackage ./mmcp.nix { src = ./mmcp-0.1.tar.xz; }
{
  lib,
  stdenv,
  gettext,
  pkg-config,
  acl,
  attr,
  libselinux,
  openssl,
  popt,
  xxHash,
  check,
  openmpi,
  withMpi ? false,
  src,
}:

stdenv.mkDerivation {
  pname = "mmcp";
  version = "0.1";
  inherit src;

  nativeBuildInputs = [
    gettext
    pkg-config
  ] ++ lib.optional withMpi openmpi;
  buildInputs = [
    acl
    attr
    libselinux
    openssl
    popt
    xxHash
  ];
  nativeCheckInputs = [ check ];

  configureFlags = [ "--disable-static-acl" ] ++ lib.optional withMpi "--with-mpi";
  # What is opened when it is needed is found there, too.
  postFixup = ''
    patchelf --add-rpath ${lib.makeLibraryPath [ libselinux openssl xxHash ]} $out/bin/mmcp
  '';
  enableParallelBuilding = true;
  doCheck = true;
  checkFlags = [ "TESTS=tests/unit" ];

  meta = {
    description = "Parallel file copier that is compatible with cp";
    license = lib.licenses.gpl3Plus;
    platforms = lib.platforms.linux;
    mainProgram = "mmcp";
  };
}
