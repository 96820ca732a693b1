// Runs before each test file.
import 'reflect-metadata'
