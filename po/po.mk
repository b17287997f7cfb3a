# SPDX-License-Identifier: GPL-3.0-or-later
# Translations: a catalogue of each language, made by msgfmt and installed where libc looks
# for it.  po/POTFILES.in lists the sources that have texts.
po_files = po/de.po po/zh_CN.po
EXTRA_DIST += po/POTFILES.in $(po_files)

AM_CPPFLAGS += -DLOCALEDIR='"$(localedir)"'

if NLS
catalogues = $(po_files:.po=.mo)
endif
noinst_DATA = $(catalogues)
CLEANFILES += $(catalogues) po/mmcp.pot

SUFFIXES = .po .mo
.po.mo:
	$(AM_V_GEN)$(MKDIR_P) po && $(MSGFMT) --check -o $@.new $< && mv -f $@.new $@

install-data-local: $(catalogues)
	@for catalogue in $(catalogues); do \
		language=`basename $$catalogue .mo`; \
		to='$(DESTDIR)$(localedir)'/$$language/LC_MESSAGES; \
		$(MKDIR_P) "$$to" && \
		$(INSTALL_DATA) $$catalogue "$$to/$(PACKAGE).mo" || exit; \
	done
uninstall-local:
	@for file in $(po_files); do \
		language=`basename $$file .po`; \
		rm -f '$(DESTDIR)$(localedir)'/$$language/LC_MESSAGES/$(PACKAGE).mo; \
	done

# For maintainers: all texts, and the catalogues with those that are new or have changed.
XGETTEXT = xgettext --from-code=UTF-8 --language=C -s -k -k_ -kN_ -kNN_:1,2 \
	-klocale_plural:1,2 --add-comments=TRANSLATORS: --add-location=file \
	--package-name=$(PACKAGE) --copyright-holder='the mmcp authors'
.PHONY: po/mmcp.pot update-po
po/mmcp.pot:
	$(AM_V_GEN)$(MKDIR_P) po && here=`pwd` && cd $(srcdir) && \
		$(XGETTEXT) -o "$$here/$@" `grep -v '^#' po/POTFILES.in`
update-po: po/mmcp.pot
	@for file in $(po_files); do \
		msgmerge --update --backup=off --no-fuzzy-matching \
			--add-location=file $(srcdir)/$$file po/mmcp.pot || exit; \
	done
