/** The cache of this project. The build puts the package's code here: it is 40 kB of the 3.6 MB that an installation of it takes. */
export { LRUCache } from 'lru-cache'
