#!/bin/sh
# What Git asks for a name and a password: so the token stands in no address and in no argument.
case "$1" in
  Username*) echo bumper ;;
  *) printenv BUMPER_TOKEN ;;
esac
