"""The privacy guarantee, audited by experiment: each check is a frozen value with its result and whether it holds.

The noise's law; the black box from files to published files, and the same harness against a build with half the
noise; a one-run audit with canaries; the coverage of intervals; attacks on what is published. The engine's noise has
no seed, so results differ from run to run; `odds` says beside each verdict how seldom a sound build fails it.
"""
