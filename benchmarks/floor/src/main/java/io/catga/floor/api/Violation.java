package io.catga.floor.api;

/** What is wrong with one field. */
record Violation(String field, String problem) {}
