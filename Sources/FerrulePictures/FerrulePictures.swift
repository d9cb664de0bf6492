// SPDX-License-Identifier: Apache-2.0
//
// FerrulePictures: drawings and pages that people open in a browser, each one file that needs no other. They are made of
// values with the words in them; it makes neither rulesets nor plans.
