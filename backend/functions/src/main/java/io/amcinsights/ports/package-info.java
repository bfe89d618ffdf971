/**
 * What the functions need of the world. Each port has one implementation on AWS and, where the
 * local workspace does not serve the AWS protocol itself, one there; both pass the same tests.
 */
@NullMarked
package io.amcinsights.ports;

import org.jspecify.annotations.NullMarked;
