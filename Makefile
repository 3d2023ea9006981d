# 三声: the commands. `make help` lists them; what they do is in tools/.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The first Python that really runs and is new enough for tools/ (3.8); what it finds and brings is in tools/pythons.py.
ifndef PYTHON3
PYTHON3 := $(shell for python in python3 /usr/bin/python3 python3.13 python3.12 python3.11 python3.10 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null && echo "$$python" && break; done)
endif
TOOLS = $(if $(PYTHON3),$(PYTHON3) -m tools,$(error Python 3.8 or newer is needed to begin: install python3))

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: ## set up what is missing, then run the bot and the service (Ctrl-C ends both)
	@$(TOOLS) run

test: ## every test and check; PART="unit house" runs only those parts, CLOCK="2031-12-31 21:30" at that moment
	@CLOCK="$(CLOCK)" $(TOOLS) test $(PART)

check: ## format, lint, types and import rules
	@$(TOOLS) check

train: ## train the dialogue model if its inputs changed; ALL=1 trains anyway
	@$(TOOLS) train $(if $(ALL),--all)

chat: ## talk to the running service as a customer; AS=name continues a conversation
	@$(TOOLS) chat $(AS)

shell: ## talk to the dialogue worker alone and see what it understood
	@$(TOOLS) shell

backup: ## database, pictures and secrets as one file, while the service runs; FILE=name
	@FILE="$(FILE)" $(TOOLS) backup

restore: ## put a backup back: FILE=name; REPLACE=1 throws away what is there
	@FILE="$(FILE)" REPLACE="$(REPLACE)" $(TOOLS) restore

soak: ## the long version of the fault tests
	@$(TOOLS) script tests/faults/soak.py

bench: ## measure speed
	@$(TOOLS) script bench/worker_speed.py
	@$(TOOLS) script bench/service_speed.py
	@$(TOOLS) script bench/beside.py

read: ## what the reader makes of turns: FILE=turns.jsonl, one {asked, topic, bot, said} a line
	@FILE="$(FILE)" $(TOOLS) read

bench-reading: ## measure how turns are read in their context
	@$(TOOLS) script bench/reading.py

bench-nlu: ## measure understanding
	@$(TOOLS) script bench/nlu.py

bench-dialogue: ## measure short conversations by kind; FILES="a.yml" plays others, VERBOSE=1 shows what failed
	@FILES="$(FILES)" VERBOSE="$(VERBOSE)" $(TOOLS) script bench/dialogue.py

demo-wechat: ## a phone in the browser that talks to the WeChat channel, without an account
	@$(TOOLS) script demo/wechat.py

demo-shop: ## a shop's own order system in small, which the service asks; it can be made to fail
	@$(TOOLS) script demo/shop.py

check-connector: ## read recorded answers of the company's systems (company/connector_examples) as the service would
	@$(TOOLS) script demo/check_connector.py

docs: ## the documents as one site, in site/dist
	@$(TOOLS) docs

lock: ## work out requirements/*.txt from the .in files; ALL=1 takes newer versions
	@$(TOOLS) lock $(if $(ALL),--all)

clean: ## remove what was built; ALL=1 also removes environments, database, secrets and logs
	@$(TOOLS) clean $(if $(ALL),--all)

.PHONY: help run test check train chat shell backup restore soak read bench bench-nlu bench-reading bench-dialogue demo-wechat demo-shop check-connector docs lock clean
